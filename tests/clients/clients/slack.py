import sys
from slack_sdk import WebClient

WebClient(token=sys.argv[2], base_url=f"{sys.argv[1]}/api/").auth_test()
