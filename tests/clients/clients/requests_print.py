import sys
import requests

r = requests.post(f"{sys.argv[1]}/v1/orders", json={"a": 1}, headers={"Authorization": f"Bearer {sys.argv[2]}"})
print(r.request.method, r.request.url)
print(r.request.headers)
print(r.status_code, r.reason)
print(r.headers)
print(r.text)
