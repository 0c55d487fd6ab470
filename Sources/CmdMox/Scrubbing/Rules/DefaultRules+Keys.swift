extension DefaultRule {
  /// Keys and tokens in forms that everybody uses.
  static let keys: [DefaultRule] = [
    DefaultRule(
      "Private keys",
      #"(-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)(?=[A-Za-z0-9+/=\s\\])[A-Za-z0-9+/=\s:,()._@"']*+(?:(?:\\++[nrt"']|-(?!----))[A-Za-z0-9+/=\s:,()._@"']*+)*+"#,
      at: .words(["-----BEGIN "]),
      examples: [
        Example(
          "-----BEGIN ¬RSA PRIVATE KEY-----\nMIIEow\nIBAAK==\n-----END RSA PRIVATE KEY-----\n",
          "-----BEGIN RSA PRIVATE KEY-----<REDACTED>-----END RSA PRIVATE KEY-----\n"),
        Example(
          #"{"private_key": "-----BEGIN ¬PRIVATE KEY-----\nMIIEow\n-----END PRIVATE KEY-----\n"}"#,
          #"{"private_key": "-----BEGIN PRIVATE KEY-----<REDACTED>-----END PRIVATE KEY-----\n"}"#),
        Example(
          "-----BEGIN ¬OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk",
          "-----BEGIN OPENSSH PRIVATE KEY-----<REDACTED>"),
        Example(
          "-----BEGIN ¬PGP PRIVATE KEY BLOCK-----\nVersion: x\n\nlQ==\n-----END PGP PRIVATE KEY BLOCK-----",
          "-----BEGIN PGP PRIVATE KEY BLOCK-----<REDACTED>-----END PGP PRIVATE KEY BLOCK-----"),
      ],
      leaves: [
        "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgI=\n-----END CERTIFICATE-----\n",
        "-----BEGIN PUBLIC KEY-----\nMFwwDQYJ\n-----END PUBLIC KEY-----\n",
        "-----BEGIN OPENSSH PRIVATE KEY-----",
        "grep -e '-----BEGIN RSA PRIVATE KEY-----' file && echo found",
      ]),
    DefaultRule(
      "PuTTY private keys",
      #"(Private-Lines: [0-9]{1,3}\s{1,2})(?:[A-Za-z0-9+/=]{4,76}(?:\r?\n|$))++"#,
      at: .words(["Private-Lines: "]),
      examples: [
        Example(
          "Private-Lines: 1\n¬AAAAgQDM1234567890abcdefghijk==\nPrivate-MAC: 0",
          "Private-Lines: 1\n<REDACTED>Private-MAC: 0")
      ],
      leaves: ["Public-Lines: 1\nAAAA", "Private-Lines: "]),
    .tokens(
      "age secret keys", ["AGE-SECRET-KEY-1"], "[A-Z0-9]{58}[A-Z0-9-]*+",
      sample: "QQPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQPZRY9X8GF2TVDW0S3JN54KHA",
      leaves: ["AGE-SECRET-KEY-1", "AGE-PLUGIN-X-1QQ"]),
    DefaultRule(
      "JSON Web Tokens",
      #"(?<![A-Za-z0-9_-])(eyJ)[A-Za-z0-9_-]{8,}+(?:\.eyJ[A-Za-z0-9_-]{8,}+|(?:\.[A-Za-z0-9_-]*+){2})(?:\.[A-Za-z0-9_-]*+){0,3}"#,
      at: .words(["eyJ"]),
      examples: [
        Example(
          "eyJ¬hbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N",
          "eyJ<REDACTED>"),
        Example(
          "?jwt=eyJ¬hbGciOiJub25lIn0.eyJzdWIiOiIxMjM0NTY3ODkwIn0.&x",
          "?jwt=eyJ<REDACTED>&x"),
      ],
      leaves: ["eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9", "eyJ", "AeyJhbGciOiJIUzI1NiJ9.a.b"],
      isToken: true),
    DefaultRule(
      "Password hashes",
      #"(?<![A-Za-z0-9$])(\$(?:2[abxy]|[156y]|7|apr1|argon2(?:i|d|id))\$)[A-Za-z0-9./=,$+]{20,}+"#,
      at: .words([
        "$2a$", "$2b$", "$2x$", "$2y$", "$1$", "$5$", "$6$", "$7$", "$y$", "$apr1$", "$argon2",
      ]),
      examples: [
        Example(
          "root:$6$¬saltsalt$qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzlB5KiA2/jctKu9YterLp8wwnSq.:19000",
          "root:$6$<REDACTED>:19000"),
        Example(
          "me:$2y$¬10$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234", "me:$2y$<REDACTED>"),
      ],
      leaves: ["s/$1$2/", "awk '{print $6$7}'"]),
  ]
}
