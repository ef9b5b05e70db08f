/// The response sample of UseePay's page "Cancel a PaymentIntent", modified 2024-12-27, word for word but
/// for its line breaks.
let originalResponse = """
    {
        "id": "0d8ad1e128b54024aaec82e55a8ea2b8", "code": null, "source": null, "message": null,
        "amount": 100.23, "currency": "USD", "status": "canceled",
        "customer": {
            "id": null,
            "address": {
                "country": "US", "city": "New York", "postcode": "100000", "state": "NY",
                "line1": "Pudong District", "line2": null
            },
            "description": null, "name": null, "email": "test@useepay.com", "phone": null, "metadata": null,
            "shipping": null, "merchant_no": null, "app_id": null, "create_at": null, "modify_at": null,
            "first_name": "zhang", "last_name": "shan", "merchant_customer_id": "cust00003"
        },
        "description": "Airwallex - T-shirt",
        "order": {
            "category": "Apparel and accessories",
            "products": [
                {
                    "id": null, "name": "IPHONE7", "desc": "IPHONE 7", "quantity": 5, "sku": "100004",
                    "type": "physical", "url": "https://example.useepay.com/product/12345",
                    "effective_end_at": "2020-12-31T23:59:59Z", "effective_start_at": "2020-01-01T00:00:00Z",
                    "price": 100.01
                }
            ],
            "sellers": null,
            "shipping": {
                "address": {
                    "country": null, "city": "Shanghai", "postcode": "100000", "state": "Shanghai",
                    "line1": "Pudong District", "line2": null
                },
                "name": null, "phone": null, "first_name": "John", "last_name": "Doe",
                "shipping_method": "sameday"
            }
        },
        "metadata": { "id": 1 },
        "confirm": false, "merchant_no": "500000000007264", "app_id": "www.pay.com",
        "create_at": "2024-10-24T11:19:26Z", "modify_at": "2024-10-24T11:19:26Z",
        "decline_code": null, "doc_url": null,
        "merchant_order_id": "72934khwqjry09ew802", "invoice_id": "inv_1J6K48EGK0800",
        "captured_amount": null, "customer_id": "cus_1J6N9TPUSIG00",
        "available_payment_method_types": [ "card", "applepay", "googlepay" ],
        "payment_method_options": {
            "type": "card",
            "card": {
                "three_ds_action": "force_3ds", "authorization_type": "final_auth", "auto_capture": true
            },
            "klarna": null, "wechatpay": null, "alipay_hk": null
        },
        "cancellation_reason": "Order canceled", "cancelled_at": "2024-10-26T11:19:26Z", "next_action": null,
        "return_url": "http://www.example.com", "client_secret": "0656dc044273b8663fa1d078b32cf385",
        "auto_capture": false, "mandate_id": "man_1JAJCTN280400"
    }
    """
let originalResponseID = "0d8ad1e128b54024aaec82e55a8ea2b8"
