import Pacing
import Testing

@testable import Gateways

@Suite("The shared HTTP parts")
struct HTTPPartsTests {
    @Test(
        "Base URLs are normalised",
        arguments: [
            ("https://openapi.useepay.com", "https://openapi.useepay.com"),
            ("HTTPS://OpenAPI.UseePay.COM/", "https://openapi.useepay.com"),
            ("https://openapi.useepay.com:443", "https://openapi.useepay.com"),
            ("https://openapi.useepay.com:0443/", "https://openapi.useepay.com"),
            ("https://openapi.useepay.com:8443/", "https://openapi.useepay.com:8443"),
            ("https://host.example/Pay/v1/", "https://host.example/Pay/v1"),
            ("https://10.0.0.1", "https://10.0.0.1"),
            ("https://[2001:DB8::1]:8443", "https://[2001:db8::1]:8443"),
            ("http://127.0.0.1:80", "http://127.0.0.1"),
            ("http://127.255.0.9:8080", "http://127.255.0.9:8080"),
            ("http://localhost:443/", "http://localhost:443"), ("http://LOCALHOST", "http://localhost"),
            ("http://[::1]:9", "http://[::1]:9"),
        ])
    func soundURLs(text: String, normalised: String) throws {
        let url = try GatewayURL.validated(text)
        #expect(url.text == normalised)
        #expect(try GatewayURL.validated(url.text) == url)
        #expect(url.isLoopback == text.lowercased().hasPrefix("http:"))
    }

    @Test(
        "Base URLs that are refused",
        arguments: [
            ("http://openapi.useepay.com", "base_url_needs_https"),
            ("http://10.0.0.1", "base_url_needs_https"),
            ("http://127.0.0.1.evil.example", "base_url_needs_https"),
            ("http://localhost.evil.example", "base_url_needs_https"),
            ("http://127.1", "base_url_needs_https"), ("http://127.0.0.01", "base_url_needs_https"),
            ("http://127.0.0.256", "base_url_needs_https"), ("http://0.0.0.0", "base_url_needs_https"),
            ("http://[::2]", "base_url_needs_https"), ("http://2130706433", "base_url_needs_https"),
            ("", "base_url_invalid"), ("openapi.useepay.com", "base_url_invalid"),
            ("https://", "base_url_invalid"),
            ("https:///path", "base_url_invalid"), ("ftp://a.example", "base_url_invalid"),
            ("https+unix://a.example", "base_url_invalid"), ("https://a b.example", "base_url_invalid"),
            ("https://a.example ", "base_url_invalid"), ("https://a.example\n", "base_url_invalid"),
            ("https://a..example", "base_url_invalid"), ("https://a.example.", "base_url_invalid"),
            ("https://-a.example", "base_url_invalid"), ("https://a_b.example", "base_url_invalid"),
            ("https://é.example", "base_url_invalid"), ("https://a.example:", "base_url_invalid"),
            ("https://a.example:0", "base_url_invalid"), ("https://a.example:65536", "base_url_invalid"),
            ("https://a.example:+1", "base_url_invalid"), ("https://a.example:80:80", "base_url_invalid"),
            ("https://a.example?x=1", "base_url_invalid"), ("https://a.example/#x", "base_url_invalid"),
            ("https://a.example/..", "base_url_invalid"), ("https://a.example//b", "base_url_invalid"),
            ("https://a.example/b%2F", "base_url_invalid"), ("https://[::1", "base_url_invalid"),
            ("https://[::1]x", "base_url_invalid"), ("https://[]", "base_url_invalid"),
            ("http://localhost@evil.example", "base_url_invalid"),
            ("https://user:geheim@a.example", "base_url_invalid"),
            ("user:geheim@a.example", "base_url_invalid"),
        ])
    func unsoundURLs(text: String, code: String) throws {
        let error = #expect(throws: GatewaySetupError.self) { try GatewayURL.validated(text) }
        #expect(error?.code == code, "\(String(describing: error))")
        #expect(error?.message.contains("https://") == true, "it says how to mend")
        #expect(error?.message.contains("geheim") == false)
    }

    private static let dateTable: [(String, Int64?)] = [
        ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Tue, 29 Feb 2000 23:59:59 GMT", 951_868_799), ("Wed, 01 Mar 2000 00:00:00 GMT", 951_868_800),
        ("Sat, 21 Nov 2026 12:00:00 GMT", 1_795_262_400),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799),
        ("Sat, 31 Dec 2016 23:59:60 GMT", 1_483_228_800), ("Sat, 28 Feb 2100 00:00:00 GMT", nil),
        ("Sun, 28 Feb 2100 00:00:00 GMT", 4_107_456_000), ("Mon, 29 Feb 2100 00:00:00 GMT", nil),
        ("Mon, 06 Nov 1994 08:49:37 GMT", nil), ("Sun, 6 Nov 1994 08:49:37 GMT", nil),
        ("Sunday, 06-Nov-94 08:49:37 GMT", nil), ("Sun Nov  6 08:49:37 1994", nil),
        ("Sun, 06 Nov 1994 08:49:37 UTC", nil), ("Sun, 06 Nov 1994 08:49:37 +000", nil),
        ("Sun, 06 nov 1994 08:49:37 GMT", nil), ("Sun, 06 Nov 1994 24:00:00 GMT", nil),
        ("Sun, 06 Nov 1994 08:60:00 GMT", nil), ("Sun, 06 Nov 1994 08:49:61 GMT", nil),
        ("Sun, 00 Nov 1994 08:49:37 GMT", nil), ("Sun, 31 Nov 1994 08:49:37 GMT", nil),
        ("Wed, 31 Dec 1969 23:59:59 GMT", nil), ("Sun, 06 Nov 1994 08:49:37 GMT ", nil), ("", nil),
        ("Sun, +6 Nov 1994 08:49:37 GMT", nil), ("Sun; 06 Nov 1994 08:49:37 GMT", nil),
    ]

    @Test("HTTP dates", arguments: dateTable)
    func dates(text: String, seconds: Int64?) {
        #expect(HTTPDate.parse(text) == seconds.map { WallTime(seconds: $0) })
    }

    @Test("Every day from 1970 to 2420 follows the day before")
    func everyDay() {
        let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        var day: Int64 = 0
        for year in 1970...2420 {
            for (index, month) in months.enumerated() {
                let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
                let length = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][index]
                for date in 1...length {
                    let padded = date < 10 ? "0\(date)" : "\(date)"
                    let text = "\(weekdays[Int(day % 7)]), \(padded) \(month) \(year) 00:00:00 GMT"
                    if HTTPDate.parse(text) != WallTime(seconds: day * 86_400) { Issue.record("\(text)") }
                    day += 1
                }
            }
        }
        #expect(day == 451 * 365 + 110)
    }
}
