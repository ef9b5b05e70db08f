package import Logging

/// Which gateway the sandbox plays, with what is peculiar to it.
package enum SandboxGateway: Sendable {
    /// UseePay. Without credentials any non-empty ones are accepted.
    case useepay(credentials: UseePayCredentials? = nil)
    /// Mangopay.
    case mangopay(MangopayOptions = MangopayOptions())
}

/// The three values that a UseePay client must send in its headers.
package struct UseePayCredentials: Equatable, Sendable {
    package var merchantNo: String
    package var appID: String
    package var apiKey: String

    package init(merchantNo: String, appID: String, apiKey: String) {
        self.merchantNo = merchantNo
        self.appID = appID
        self.apiKey = apiKey
    }
}

/// How a sandbox is set up.
package struct SandboxOptions: Sendable {
    package var gateway: SandboxGateway
    /// Intents in the gateway's own wire format, one a line; without a file the sandbox begins empty.
    package var intentsPath: String?
    /// The ledger: created when missing, replayed when present. `.lock` is added for the name of its lock.
    package var ledgerPath: String
    /// The fault script; none means that nothing goes wrong.
    package var faultsPath: String?
    /// The port on 127.0.0.1; 0 takes any free one.
    package var port: Int
    /// A connection without a request, or whose answer is not taken, is closed after this.
    package var idleLimit: Duration
    /// A request must have arrived whole this long after its first byte; else its connection is closed.
    package var requestLimit: Duration
    /// Takes what the HTTP server has to say. Silent by default, since stdout and stderr belong to the
    /// caller.
    package var logger: Logger
    /// Wall time in milliseconds since 1970, for the ledger and for the times in answers.
    package var unixMilliseconds: @Sendable () -> Int64

    package init(
        gateway: SandboxGateway = .useepay(),
        intentsPath: String? = nil,
        ledgerPath: String,
        faultsPath: String? = nil,
        port: Int = 0,
        idleLimit: Duration = .seconds(30),
        requestLimit: Duration = .seconds(30),
        logger: Logger = Logger(label: "sandbox", factory: { _ in SwiftLogNoOpLogHandler() }),
        unixMilliseconds: @escaping @Sendable () -> Int64 = { Timestamp.unixMilliseconds() }
    ) {
        self.gateway = gateway
        self.intentsPath = intentsPath
        self.ledgerPath = ledgerPath
        self.faultsPath = faultsPath
        self.port = port
        self.idleLimit = idleLimit
        self.requestLimit = requestLimit
        self.logger = logger
        self.unixMilliseconds = unixMilliseconds
    }
}
