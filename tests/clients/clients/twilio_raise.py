import sys
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client


class Here(TwilioHttpClient):
    def request(self, method, url, *args, **kwargs):
        return super().request(method, url.replace("https://api.twilio.com", sys.argv[1]), *args, **kwargs)


Client("AC" + "0" * 32, sys.argv[2], http_client=Here()).messages.create(body="x", from_="+15005550006", to="+15005550009")
