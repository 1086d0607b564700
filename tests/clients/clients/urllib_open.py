import sys
import urllib.request

urllib.request.urlopen(urllib.request.Request(f"{sys.argv[1]}/v1/me", headers={"Authorization": f"Bearer {sys.argv[2]}"}))
