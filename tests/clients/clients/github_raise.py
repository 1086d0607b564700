import sys
from github import Auth, Github

Github(auth=Auth.Token(sys.argv[2]), base_url=sys.argv[1]).get_user().login
