extension DefaultRule {
  /// URLs with credentials in them.
  static let urls: [DefaultRule] = [
    DefaultRule(
      "Passwords in URLs",
      #"(?<=[A-Za-z0-9+.-])(://[^\s/:@"'<>\\]{0,200}:)(?![$<{*])[^\s/"'<>\\]{1,400}(@)(?=[A-Za-z0-9\[_$%.-])"#,
      to: #"\1<REDACTED>\2"#, at: .words(["://"]),
      examples: [
        Example("postgres://user:¬hunter2@host/db", "postgres://user:<REDACTED>@host/db"),
        Example("mysql://root:¬hunter2@127.0.0.1/db", "mysql://root:<REDACTED>@127.0.0.1/db"),
        Example("amqp://me:¬hunter2@[::1]:5672/%2f", "amqp://me:<REDACTED>@[::1]:5672/%2f"),
        Example("redis://:¬p%40ss@10.0.0.1:6379/0", "redis://:<REDACTED>@10.0.0.1:6379/0"),
        Example("https://me:¬p@ss@h.example/x.git'", "https://me:<REDACTED>@h.example/x.git'"),
        Example(
          "mongodb+srv://u:¬s3cr3t@cluster0.example.net/?w=majority",
          "mongodb+srv://u:<REDACTED>@cluster0.example.net/?w=majority"),
      ],
      leaves: [
        "ssh://git@github.com:22/o/r.git", "http://localhost:3000/@scope/x",
        "https://host:443/a@b", "postgres://user:$PASSWORD@host/db",
      ]),
    DefaultRule(
      "Tokens in URLs",
      #"(?<=[A-Za-z0-9+.-])(://)(?=[^\s/:@"'<>\\]{0,400}[0-9])[A-Za-z0-9_%.~-]{20,400}((?::x-oauth-basic|:)?@)(?=[A-Za-z0-9\[])"#,
      to: #"\1<REDACTED>\2"#, at: .words(["://"]),
      examples: [
        Example("https://¬0123456789abcdef0123@github.com/o/r", "https://<REDACTED>@github.com/o/r")
      ],
      leaves: ["https://git@github.com/o/r", "ssh://deployment-of-the-site@host/"]),
    DefaultRule(
      "Secrets in encoded query strings",
      #"((?i:token|secret|password|passwd|api_?key|signature|sig)%3[Dd])(?=[A-Za-z0-9._~*+-][A-Za-z0-9%._~*+-]{3})(?:[A-Za-z0-9._~*+-]++|%(?!26))++"#,
      at: .words(
        ["token", "secret", "password", "passwd", "apikey", "api_key", "signature", "sig"].map {
          $0 + "%3d"
        }),
      examples: [
        Example(
          "?next=https%3A%2F%2Fh%2F%3Faccess_token%3D¬9f8e7d6c5b4a%26x%3D1",
          "?next=https%3A%2F%2Fh%2F%3Faccess_token%3D<REDACTED>%26x%3D1"),
        Example("body=user%3Dme%26password%3d¬hunter2", "body=user%3Dme%26password%3d<REDACTED>"),
      ],
      leaves: ["token%3D%26x", "?q=sig%3Dno", "password%3D"]),
  ]
}
