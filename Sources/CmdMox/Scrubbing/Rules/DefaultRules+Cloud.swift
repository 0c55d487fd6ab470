extension DefaultRule {
  /// Keys of cloud providers.
  static let cloud: [DefaultRule] = [
    DefaultRule(
      "AWS access key ids",
      #"(?<![A-Za-z0-9+/])(AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9+/=])"#,
      at: .words(["AKIA", "ASIA", "ABIA", "ACCA"]),
      examples: [
        Example("AKIA¬IOSFODNN7EXAMPLE", "AKIA<REDACTED>"),
        Example("id: 'ASIA¬IOSFODNN7EXAMPLE'", "id: 'ASIA<REDACTED>'"),
        Example("ABIA¬IOSFODNN7EXAMPLE", "ABIA<REDACTED>"),
        Example("ACCA¬IOSFODNN7EXAMPLE", "ACCA<REDACTED>"),
      ],
      leaves: ["AKIA", "asia-northeast1", "EURASIAN0123456789ABCDEF"], isToken: true),
    DefaultRule(
      "AWS secret keys and session tokens",
      #"((?i:secret_?access_?key|secret_?key|session_?token|security_?token)\\{0,3}["']?[ \t]{0,40}(?:=>|:=|[:=|])[ \t]{0,40}\\{0,3}["']?)(?:[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])|[A-Za-z0-9/+]{100,2000}={0,2})"#,
      at: .words([
        "secretaccesskey", "secret_access_key", "secretkey", "secret_key", "sessiontoken",
        "session_token", "securitytoken", "security_token",
      ]),
      examples: [
        Example(
          "aws_secret_access_key = wJalrXUtnFEMI/¬K7MDENG/bPxRfiCYEXAMPLEKEY",
          "aws_secret_access_key = <REDACTED>"),
        Example(
          "\"SecretAccessKey\": \"/JalrXUtnFEMI/¬K7MDENG/bPxRfiCYEXAMPLEKEY\",",
          "\"SecretAccessKey\": \"<REDACTED>\","),
        Example(
          "|  SecretAccessKey  |  wJalrXUtnFEMI/¬K7MDENG/bPxRfiCYEXAMPLEKEY  |",
          "|  SecretAccessKey  |  <REDACTED>  |"),
      ],
      leaves: ["secret_key = None", "secret_access_key: ${{ secrets.KEY }}"]),
    DefaultRule(
      "AWS secret keys beside their ids",
      #"((?:AKIA|ASIA)(?:[A-Z0-9]{16}|<REDACTED>)[^A-Za-z0-9/+\r\n](?:[^\r\n]{0,80}?[^A-Za-z0-9/+=\r\n])??)(?:(?=[A-Z0-9/+]*[a-z])(?=[a-z0-9/+]*[A-Z])(?=[A-Za-z]*[0-9/+])[A-Za-z0-9/+]{40}|[A-Za-z0-9/+]{100,2000}={0,2})(?![A-Za-z0-9/+=])"#,
      at: .words(["AKIA", "ASIA"]),
      examples: [
        Example(
          "Access key ID,Secret access key\nAKIA¬IOSFODNN7EXAMPLE,wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
          "Access key ID,Secret access key\nAKIAIOSFODNN7EXAMPLE,<REDACTED>"),
        Example(
          "CREDENTIALS\tASIA<REDACTED>\t2026-02-25T10:30:00Z\twJalrXUtnFEMI/¬K7MDENG/bPxRfiCYEXAMPLEKEY",
          "CREDENTIALS\tASIA<REDACTED>\t2026-02-25T10:30:00Z\t<REDACTED>"),
      ],
      leaves: [
        "AKIAIOSFODNN7EXAMPLE 3f2a9c1d4e5b6a7f8091a2b3c4d5e6f708192a3b",
        "AKIAIOSFODNN7EXAMPLE,3F2A9C1D4E5B6A7F8091A2B3C4D5E6F708192A3B", "ASIA and Africa",
      ]),
    DefaultRule(
      "Google API keys", #"(?<![A-Za-z0-9_-])(AIza)[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])"#,
      at: .words(["AIza"]),
      examples: [Example("AIza¬SyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe", "AIza<REDACTED>")],
      leaves: ["AIza", "aizawa-0123456789012345678901234567890"], isToken: true),
    .tokens(
      "Google OAuth secrets and tokens", ["GOCSPX-", "ya29."], "[A-Za-z0-9_-]{20,}+",
      sample: "AbCdEfGhIjKlMnOpQrStUvWxyz01",
      leaves: ["ya29.x", "GOCSPX-"]),
    DefaultRule(
      "Google service-account key ids",
      #"(private_key_id\\{0,3}"\s{0,5}:\s{0,5}\\{0,3}")[a-f0-9]{40}"#,
      at: .words(["private_key_id"]),
      examples: [
        Example(
          "\"private_key_id\": \"¬0123456789abcdef0123456789abcdef01234567\"",
          "\"private_key_id\": \"<REDACTED>\"")
      ],
      leaves: ["\"key_id\": \"0123456789abcdef0123456789abcdef01234567\"", "private_key_id"]),
    DefaultRule(
      "Azure account and access keys",
      #"((?i:AccountKey|SharedAccessKey)=)[A-Za-z0-9+/]{40,100}={0,2}"#,
      at: .words(["AccountKey=", "SharedAccessKey="]),
      examples: [
        Example(
          "AccountName=a;AccountKey=¬Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;",
          "AccountName=a;AccountKey=<REDACTED>;")
      ],
      leaves: ["AccountKey=", "AccountKey=$KEY"]),
    DefaultRule(
      "Azure client secrets",
      #"(?<=[A-Za-z0-9_~.-]{3})([0-9]Q~)[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~.-]|<REDACTED>)"#,
      at: .words((0...9).map { "\($0)Q~" }),
      examples: [
        Example("abc8¬Q~AbCdEfGhIjKlMnOpQrStUvWxyz01234.", "abc8Q~<REDACTED>")
      ],
      leaves: ["8Q~", "a8Q~b"]),
    DefaultRule(
      "Signatures and keys in URLs",
      #"([?&](?i:sig|signature|key|code|x-amz-signature|x-amz-credential|x-goog-signature|subscription-key)=)(?=[A-Za-z0-9%+/=_.-]{0,100}[0-9])[A-Za-z0-9%+/=_.-]{16,2000}"#,
      at: .words([
        "?sig=", "&sig=", "?signature=", "&signature=", "?key=", "&key=", "?code=", "&code=",
        "?x-amz-", "&x-amz-", "?x-goog-", "&x-goog-", "?subscription-key=", "&subscription-key=",
      ]),
      examples: [
        Example(
          "https://a.blob.core.windows.net/c/b?sv=2022-11-02&sig=¬Jvx9Wq4mYb%2Bz0Rk2LmN4sW%3D&sp=r",
          "https://a.blob.core.windows.net/c/b?sv=2022-11-02&sig=<REDACTED>&sp=r"),
        Example("/maps?key=¬0f1e2d3c4b5a69788796", "/maps?key=<REDACTED>"),
      ],
      leaves: ["/search?key=name", "&X-Amz-Date=20260225T000000Z", "?code=404"]),
  ]
}
