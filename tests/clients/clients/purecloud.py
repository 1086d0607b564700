import sys
import PureCloudPlatformClientV2 as sdk

sdk.configuration.host = sys.argv[1]
sdk.configuration.access_token = sys.argv[2]
sdk.UsersApi().get_users_me()
