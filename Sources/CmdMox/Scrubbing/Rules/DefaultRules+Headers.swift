extension DefaultRule {
  /// Header fields of HTTP.
  static let headers: [DefaultRule] = [
    DefaultRule(
      "Authorization headers with parameters",
      #"((?i:authorization["']?[ \t]{0,3}[:=][ \t]{0,3}["']?(?:digest|aws4-hmac-sha256|oauth|hawk|signature))[ \t]{1,4})(?!<)[^\r\n]{4,4000}"#,
      at: .words(["authorization"]),
      examples: [
        Example(
          "Authorization: Digest username=\"me\", response=\"0a1b\"\r\nHost: h",
          "Authorization: Digest <REDACTED>\r\nHost: h"),
        Example(
          "Authorization: AWS4-HMAC-SHA256 ¬fe5f80f77d5fa3beca038a248ff027d0",
          "Authorization: AWS4-HMAC-SHA256 <REDACTED>"),
      ],
      leaves: ["Authorization: see below", "authorization"]),
    DefaultRule(
      "Authorization headers",
      #"((?i:authorization\\{0,3}["']?[ \t]{0,3}[:=][ \t]{0,3}\\{0,3}["']?(?:bearer|basic|token|negotiate|ntlm|api-?key|key|bot|splunk|genie-?key|pvetoken|pveapitoken|sso-key|session)[ \t]{1,4}))(?![$%{<*])[^\s"'\\,<>]{4,16000}"#,
      at: .words(["authorization"]),
      examples: [
        Example(
          "curl -H \"Authorization: Bearer ¬mF_9.B5f-4.1JqM\" h",
          "curl -H \"Authorization: Bearer <REDACTED>\" h"),
        Example(
          "> authorization: basic ¬bWU6aHVudGVyMg==\r\n", "> authorization: basic <REDACTED>\r\n"),
        Example(
          #"{\"Proxy-Authorization\": \"token ¬0123456789abcdef\"}"#,
          #"{\"Proxy-Authorization\": \"token <REDACTED>\"}"#),
      ],
      leaves: [
        "Authorization: Bearer $TOKEN", "Authorization: Bearer <token>", "authorization = basic",
      ]),
    DefaultRule(
      "Authorization headers without a scheme",
      #"((?i:authorization\\{0,3}["']?:[ \t]{0,3}\\{0,3}["']?))(?=[^\s"'\\,<>]{0,200}[0-9])(?![$%{<*]|(?i:aws4-hmac-sha256)[ \t])[^\s"'\\,<>]{12,16000}"#,
      at: .words(["authorization"]),
      examples: [
        Example("Authorization: ¬0123456789abcdef0123", "Authorization: <REDACTED>")
      ],
      leaves: ["Authorization: required", "authorization:2"]),
    DefaultRule(
      "Bearer tokens",
      #"(?<![A-Za-z0-9])((?i:bearer)[ \t]{1,4})(?=[A-Za-z0-9._~+/=-]{0,400}[0-9])[A-Za-z0-9._~+/=-]{16,16000}"#,
      at: .words(["bearer "]),
      examples: [Example("using bearer ¬mF_9.B5f-4.1JqM-x7Vt9", "using bearer <REDACTED>")],
      leaves: ["bearer of news", "a bearer authentication-scheme-of-ours"]),
    DefaultRule(
      "Basic credentials",
      #"(?<![A-Za-z0-9])((?i:basic)[ \t]{1,4})(?=[a-z0-9+/]*[A-Z])(?=[A-Z0-9+/]*[a-z])(?=[A-Za-z]*[0-9+/=])(?:[A-Za-z0-9+/]{4}){3}(?:[A-Za-z0-9+/]{4})*+(?:[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)?(?![A-Za-z0-9+/=])"#,
      at: .words(["basic "]),
      examples: [
        Example("[\"Basic ¬bWU6aHVudGVyMg==\"]", "[\"Basic <REDACTED>\"]")
      ],
      leaves: ["Basic HTTP authentication", "basic VisualBasic1998", "Basic constraints"]),
    DefaultRule(
      "Cookies that are set",
      #"((?i:set-cookie)\\{0,3}["']?:[ \t]{0,4}\\{0,3}["']?[^=;\s"']{1,200}=)(?!<)[^;\s"'\\]{1,8000}"#,
      at: .words(["set-cookie"]),
      examples: [
        Example(
          "< Set-Cookie: sid=¬31d4d96e407aad42; Path=/; HttpOnly\r\n",
          "< Set-Cookie: sid=<REDACTED>; Path=/; HttpOnly\r\n")
      ],
      leaves: ["set-cookie:", "Set-Cookie: ; Path"]),
    DefaultRule(
      "Cookies that are sent",
      #"(?<![A-Za-z-])((?i:cookie)\\{0,3}["']?:[ \t]{0,4}\\{0,3}["']?)(?=[^\s"'=;,<]{1,200}=)[^"'\r\n\\]{3,16000}"#,
      at: .words(["cookie"]),
      examples: [
        Example("> Cookie: sid=¬31d4d96e407aad42; theme=dark\r\n", "> Cookie: <REDACTED>\r\n"),
        Example("-H 'cookie: a=¬b3c'", "-H 'cookie: <REDACTED>'"),
      ],
      leaves: ["cookie: yes", "cookies = 3", "cookie: str | None = None,"]),
    DefaultRule(
      "Cookies in cookie files",
      #"(\t(?:TRUE|FALSE)\t/[^\t\r\n]{0,400}\t(?:TRUE|FALSE)\t[0-9]{1,12}\t[^\t\r\n]{1,400}\t)(?!<REDACTED>)[^\t\r\n]{1,8000}"#,
      at: .words(["\tTRUE\t/", "\tFALSE\t/"]),
      examples: [
        Example(
          ".h.example\tTRUE\t/\tFALSE\t1790000000\tsid\t¬31d4d96e407aad42\n",
          ".h.example\tTRUE\t/\tFALSE\t1790000000\tsid\t<REDACTED>\n")
      ],
      leaves: ["a\tTRUE\t/usr/bin\tb", "x\tFALSE\t/"]),
  ]
}
