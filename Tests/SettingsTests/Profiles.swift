import Instructions

/// A stand-in for the real profile: what the reading of a configuration asks of it.
let profiles = [
    "useepay": GatewayProfile(
        gateway: "useepay", states: ["requires_capture": .authorized], cancelAllowedFrom: [.authorized],
        captureAllowedFrom: [.authorized], partialCancel: .refused, partialCapture: .refused,
        missingCapturedAmountMeansWhole: true, sendsCancellationReason: true,
        defaultLimits: [RateLimit(calls: 5, window: .seconds(1))],
        assumptions: [
            Assumption(key: "amount-unit", choices: ["major", "minor"], meaning: "unit"),
            Assumption(key: "partial-capture", choices: ["refused", "final"], meaning: "partial"),
        ])
]

/// A whole configuration that is right, with one part replaced.
func configuration(_ accountLines: String = "") -> String {
    """
    default-account: useepay-eu
    state: var/state
    accounts:
      useepay-eu:
        gateway: useepay
        base-url: https://openapi.useepay.com/
        credentials: { merchant-no: "500000000007245", app-id: www.pay.com, api-key: { env: USEEPAY_KEY } }
    \(accountLines.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n"))
      practice:
        gateway: useepay
        sandbox: { intents: samples/intents.ndjson, faults: /srv/faults.json }
    """
}

let wholeJob = """
    job: nightly-cancellations
    input: inbox/./cancellations.csv
    account: useepay-eu
    actions: [cancel]
    on-invalid: refuse
    preflight: never
    pending-wait: 15m
    retry: { attempts: 4, first: 250ms, max: 90s }
    outage-wait: 1h
    drain: 3s
    reports: /srv/outbox
    """
