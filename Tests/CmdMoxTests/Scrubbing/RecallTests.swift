import Testing

@testable import CmdMox

/// Secrets that the table of examples does not have, in the places where people put them.
@Suite struct RecallTests {
  /// A kind of token: what its issuer puts in front, then characters at random.
  struct Kind: CustomTestStringConvertible {
    var prefix: String
    var alphabet: String
    var length: Int
    var testDescription: String { prefix }
  }

  private static let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
  private static let hexadecimal = "0123456789abcdef"

  static let kinds: [Kind] = [
    Kind(prefix: "ghp_", alphabet: letters + "0123456789", length: 36),
    Kind(prefix: "github_pat_", alphabet: letters + "0123456789_", length: 82),
    Kind(prefix: "glpat-", alphabet: letters + "0123456789_-", length: 20),
    Kind(prefix: "AKIA", alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", length: 16),
    Kind(prefix: "AIza", alphabet: letters + "0123456789_-", length: 35),
    Kind(prefix: "xoxb-", alphabet: letters + "0123456789", length: 40),
    Kind(prefix: "sk_live_", alphabet: letters + "0123456789", length: 24),
    Kind(prefix: "npm_", alphabet: letters + "0123456789", length: 36),
    Kind(prefix: "pypi-AgEIcHlwaS5vcmc", alphabet: letters + "0123456789_-", length: 120),
    Kind(prefix: "dckr_pat_", alphabet: letters + "0123456789_-", length: 27),
    Kind(prefix: "hf_", alphabet: letters, length: 34),
    Kind(prefix: "sk-ant-api03-", alphabet: letters + "0123456789_-", length: 93),
    Kind(prefix: "sk-proj-", alphabet: letters + "0123456789_-", length: 48),
    Kind(prefix: "eyJhbGciOiJIUzI1NiJ9.eyJ", alphabet: letters + "0123456789_-.", length: 80),
  ]

  static let contexts = [
    "%", "x %", "%\n", "'%'", "\"%\"", "TOKEN=%", "export T=%;", "--t=%", "a,%,b", "(%)",
    "<t>%</t>",
    "{\"t\":\"%\"}", #"{\"t\":\"%\"}"#, "https://h/?a=%&b=c", "https://%@h/x", "X-T: %\r\n", "[%]",
    "`%`",
    "é%é", "\t% \u{1b}[0m",
  ]

  @Test(arguments: kinds)
  func `tokens are found in every context`(kind: Kind) throws {
    var random = SeededGenerator(seed: kind.length)
    for context in Self.contexts {
      for _ in 0..<5 {
        let rest = String(
          (0..<kind.length).map { _ in
            kind.alphabet.randomElement(using: &random) ?? "a"
          }
        ).replacing("..", with: "a.").trimmed
        let text = context.replacing("%", with: kind.prefix + rest)
        let result = try scrubbed(text, in: .stdout, by: .defaults)
        #expect(!result.contains(rest.suffix(12)), "\(text) became \(result)")
        #expect(result.contains("<REDACTED>"))
      }
    }
  }

  /// How passwords and keys stand beside their names.
  static let assignments = [
    "password=%", "PASSWORD: %", "\"password\": \"%\"", "'password' => '%'", "db_password = \"%\"",
    "DB_PASSWORD='%'", "passwd: \"%\"", "\\\"password\\\": \\\"%\\\"", "?password=%&x=y",
    "--password=%",
    "--password %", "api_key=%", "API-KEY: %", "apiKey: '%'", "\"secret\":\"%\"", "client_secret=%",
    "access_token=%", "secret_key: %", "auth_token = '%'", "postgres://u:%@h/d", "https://u:%@h",
    "Authorization: Bearer %", "Authorization: Basic %", "authorization=token %", "Cookie: sid=%",
    "Set-Cookie: sid=%; Path=/", "curl -u me:% https://h", "<password>%</password>",
    "machine h login l password %", "Password=%;Database=x",
  ]

  @Test(arguments: assignments)
  func `passwords are found beside their names`(context: String) throws {
    var random = SeededGenerator(seed: 11)
    for _ in 0..<40 {
      let secret =
        "x7"
        + String(
          (0..<14).map { _ in
            (Self.letters + "0123456789!#%*+").randomElement(using: &random) ?? "a"
          })
      let text = context.replacing("%", with: secret)
      let result = try scrubbed(text, in: .stdout, by: .defaults)
      #expect(!result.contains(secret.suffix(6)), "\(text) became \(result)")
      #expect(try scrubbed(result, in: .stdout, by: .defaults) == result)
    }
  }
}

extension String {
  /// Without dots at its end, which are no part of a token.
  fileprivate var trimmed: String { last == "." ? dropLast() + "a" : self }
}
