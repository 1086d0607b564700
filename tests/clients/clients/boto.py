import sys
import boto3

boto3.client("sts", region_name="eu-central-1", endpoint_url=f"{sys.argv[1]}/forbidden", aws_access_key_id="AKIAINVENTEDMARKED00", aws_secret_access_key=sys.argv[2]).get_caller_identity()
