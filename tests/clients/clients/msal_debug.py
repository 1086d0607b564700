import logging
import sys
import msal

logging.basicConfig(level=logging.DEBUG)
app = msal.ConfidentialClientApplication(
    "app", client_credential=sys.argv[2], authority=f"{sys.argv[3]}/tenant", validate_authority=False, instance_discovery=False
)
result = app.acquire_token_for_client(["https://graph.example/.default"])
if "access_token" not in result:
    print(result.get("error"))
    print(result.get("error_description"))
    print(result.get("correlation_id"))
