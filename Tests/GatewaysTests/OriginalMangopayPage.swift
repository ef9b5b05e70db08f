/// The request sample of Mangopay's page "Cancel an Intent" (autumn 2025), word for word.
let originalMangopayRequest = """
    {
        "ExternalData": {
            "ExternalProcessingDate": "03-10-2024",
            "ExternalProviderReference": "cancel-stripe-d5fad854-117c-4b1a-bf15-d8e2846749c7",
            "ExternalMerchantReference": "cancel-order-1d1d3c30-5f0f-4cda-ad0d-7ab3c315de3d",
            "ExternalProviderName": "Stripe",
            "ExternalProviderPaymentMethod": "PAYPAL"
        }
    }
    """

let originalMangopayID = "409f8d2e-9eba-48f9-8a52-dc9bda4d9041"

/// The response sample of the same page, word for word but for one comma: the page has one after the last
/// line item, which no JSON may have.
let originalMangopayResponse = """
    {
        "Id": "409f8d2e-9eba-48f9-8a52-dc9bda4d9041",
        "Amount": 10000,
        "AvailableAmountToSplit": 0,
        "UnfundedAmount": 0,
        "Currency": "EUR",
        "PlatformFeesAmount": 0,
        "Status": "CANCELED",
        "ExternalData": {
            "ExternalProcessingDate": "03-10-2024",
            "ExternalProviderReference": "cancel-stripe-d5fad854-117c-4b1a-bf15-d8e2846749c7",
            "ExternalMerchantReference": "cancel-order-1d1d3c30-5f0f-4cda-ad0d-7ab3c315de3d",
            "ExternalProviderName": "Stripe",
            "ExternalProviderPaymentMethod": "PAYPAL"
        },
        "Buyer": {
            "Id": "user_m_01JCGBN7B7QG2YZ8ARA5J8WYMW"
        },
        "LineItems": [
            {
                "Id": "1f395091-6b27-440f-8d38-39832cf1cfc9",
                "TotalLineItemAmount": 7500,
                "CanceledAmount": 7500,
                "CapturedAmount": 0,
                "RefundedAmount": 0,
                "DisputedAmount": 0,
                "SplitAmount": 0
            },
            {
                "Id": "1f12c4d5-d6ea-40f2-ac8e-bb3c8770918c",
                "TotalLineItemAmount": 2500,
                "CanceledAmount": 2500,
                "CapturedAmount": 0,
                "RefundedAmount": 0,
                "DisputedAmount": 0,
                "SplitAmount": 0
            }
        ],
        "CreationDate": 1733329398,
        "ExecutionDate": 1733329423
    }
    """

/// The error sample of the same page, word for word.
let originalMangopayError = """
    {
        "Message": "Action on the Intent resource is not permitted",
        "Id": "1a9c4474-6da1-473f-9659-99edb7a00884",
        "Date": 1756458918,
        "Type": "invalid_action",
        "Errors": {
            "Status": "Intent cannot be cancelled because it is not in AUTHORIZED status."
        }
    }
    """

/// An answer to a whole cancel in the form of the page of 2026: the other spellings, `Cancel`, the original
/// authorization's external data with Unix seconds, `UnfundedSellerAmount`, no `NextActions`.
let newerMangopayCancelled = """
    {
        "Id": "\(mangopayID)", "Amount": 20000, "AvailableAmountToSplit": 0, "UnfundedAmount": 0,
        "Currency": "EUR", "PlatformFeesAmount": 0, "Status": "CANCELLED",
        "ExternalData": {
            "ExternalProcessingDate": 1769794421, "ExternalProviderReference": "auth-stripe-1",
            "ExternalMerchantReference": "order-1", "ExternalProviderName": "Stripe",
            "ExternalProviderPaymentMethod": "MASTERCARD"
        },
        "Buyer": { "Id": "user_m_01JZB09HSDZRVN60QH1006TK6E" },
        "Cancel": { "Id": "int_cancel_0197ef1e-fc77-7e14-97f8-96a38847e375" },
        "LineItems": [
            {
                "Id": "int_li_1", "TotalLineItemAmount": 12000, "CapturedAmount": 0, "RefundedAmount": 0,
                "DisputedAmount": 0, "SplitAmount": 0, "CancelledAmount": 12000, "UnfundedSellerAmount": 0
            },
            {
                "Id": "int_li_2", "TotalLineItemAmount": 8000, "CapturedAmount": 0, "RefundedAmount": 0,
                "DisputedAmount": 0, "SplitAmount": 0, "CancelledAmount": 8000, "UnfundedSellerAmount": 0
            }
        ],
        "CreationDate": 1769794421, "ExecutionDate": 1769794425
    }
    """

/// An answer to a whole capture in the form of its page of 2025, where line items have no cancelled amount.
let mangopayCaptured = """
    {
        "Id": "\(mangopayID)", "Amount": 20000, "AvailableAmountToSplit": 20000, "UnfundedAmount": 0,
        "Currency": "EUR", "PlatformFeesAmount": 0, "Status": "CAPTURED", "NextActions": "REFUNDED, DISPUTED",
        "Capture": { "Id": "int_capture_1" },
        "LineItems": [
            {
                "Id": "int_li_1", "TotalLineItemAmount": 12000, "CapturedAmount": 12000, "RefundedAmount": 0,
                "DisputedAmount": 0, "SplitAmount": 0
            },
            {
                "Id": "int_li_2", "TotalLineItemAmount": 8000, "CapturedAmount": 8000, "RefundedAmount": 0,
                "DisputedAmount": 0, "SplitAmount": 0
            }
        ],
        "CreationDate": 1752063468, "ExecutionDate": 1752063474
    }
    """
