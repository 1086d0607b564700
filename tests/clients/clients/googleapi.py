import sys
from googleapiclient.http import HttpRequest
from googleapiclient.model import JsonModel
import httplib2

HttpRequest(httplib2.Http(), JsonModel().response, f"{sys.argv[1]}/forbidden/drive/v3/files?alt=json", headers={"authorization": f"Bearer {sys.argv[2]}"}).execute()
