import sys
import stripe

stripe.api_key, stripe.api_base = sys.argv[2], sys.argv[1]
stripe.Customer.list(limit=1)
