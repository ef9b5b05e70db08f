-- wrk: the same call for one intent, over and over.
wrk.method = "POST"
wrk.path = "/api/v1/payment_intents/1012411211459019141/cancel"
wrk.body = "{}"
wrk.headers["x-merchant-no"] = "500000000007245"
wrk.headers["x-api-key"] = "not-a-secret"
wrk.headers["x-app-id"] = "bench"
wrk.headers["Accept"] = "application/json"
wrk.headers["Content-Type"] = "application/json"
