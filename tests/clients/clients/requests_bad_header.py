import sys
import requests

requests.get(f"{sys.argv[1]}/v1/me", headers={"Authorization": f"Bearer {sys.argv[2]}\n"})
