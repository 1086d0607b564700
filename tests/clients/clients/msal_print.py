import sys
import msal

app = msal.ConfidentialClientApplication(
    "app", client_credential=sys.argv[2], authority=f"{sys.argv[3]}/tenant", validate_authority=False, instance_discovery=False
)
print(app.acquire_token_for_client(["https://graph.example/.default"]))
