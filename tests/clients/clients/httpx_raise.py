import sys
import httpx

httpx.get(f"{sys.argv[1]}/v1/me", headers={"Authorization": f"Bearer {sys.argv[2]}"}).raise_for_status()
