extension DefaultRule {
  /// A rule for arguments that are told as secrets by what stands before them. In the text that it is
  /// matched with, a NUL stands before the command and before each argument.
  private static func commandLine(
    _ name: String, _ pattern: String, to replacement: String = #"\1<REDACTED>"#,
    words: [String], examples: [Example], leaves counterexamples: [String]
  ) -> DefaultRule {
    DefaultRule(
      name, pattern, to: replacement, in: .argv, at: .argumentWords(words), examples: examples,
      leaves: counterexamples)
  }

  /// Any arguments, as few as possible.
  private static let others = #"(?:\x00[^\x00]*)*?"#
  /// A secret that is one argument, or the rest of one.
  private static let rest = #"(?!<REDACTED>)[^\x00]+"#

  /// Arguments of commands.
  static let commandLines: [DefaultRule] = [
    commandLine(
      "Values of options for secrets",
      #"(\x00--?[A-Za-z0-9_-]*(?i:password|passwd|passphrase|pass|token|secret|api-?key|access-key|secret-key|secret-access-key|credentials|bearer)\x00)(?!id=|--?[a-z])"#
        + rest,
      words: [
        "password\0", "passwd\0", "passphrase\0", "pass\0", "token\0", "secret\0", "api-key\0",
        "apikey\0", "access-key\0", "secret-key\0", "credentials\0", "bearer\0",
      ],
      examples: [
        Example("\0deploy\0--password\0¬hunter2\0x", "\0deploy\0--password\0<REDACTED>\0x"),
        Example("\0x\0--db-token\0¬a b c", "\0x\0--db-token\0<REDACTED>"),
        Example("\0x\0-apiKey\0¬k", "\0x\0-apiKey\0<REDACTED>"),
      ],
      leaves: [
        "\0echo\0password\0hunter2", "\0docker\0build\0--secret\0id=x,src=y",
        "\0x\0--password\0--force",
        "\0x\0--token-file\0/run/t", "\0x\0--password",
      ]),
    commandLine(
      "curl's user option and cookies",
      #"(\x00(?:[^\x00]*/)?curl"# + others
        + #"\x00(?:(?:-[A-Za-z]*[uU]\x00?|--(?:proxy-)?user(?:\x00|=))[^\x00:]+:|(?:-b\x00?|--cookie(?:\x00|=))(?=[^\x00<]*=)))"#
        + rest,
      words: ["curl\0"],
      examples: [
        Example(
          "\0curl\0-s\0-u\0me:¬hunter2\0https://h", "\0curl\0-s\0-u\0me:<REDACTED>\0https://h"),
        Example("\0/usr/bin/curl\0-ume:¬hunter2", "\0/usr/bin/curl\0-ume:<REDACTED>"),
        Example("\0curl\0--user=me:¬a\0-b\0sid=¬1", "\0curl\0--user=me:<REDACTED>\0-b\0<REDACTED>"),
      ],
      leaves: [
        "\0curl\0-u\0me\0https://h:1", "\0curl\0-b\0cookies.txt", "\0docker\0run\0-u\01000:1000",
      ]),
    commandLine(
      "Passwords of MySQL and MariaDB clients",
      #"(\x00(?:[^\x00]*/)?(?:mysql(?:dump|admin|import|check|show|pump|slap|sh)?|mariadb(?:-[a-z]+)?)"#
        + others + #"\x00-p)"# + rest,
      words: ["mysql", "mariadb"],
      examples: [
        Example("\0mysql\0-uroot\0-p¬hunter2\0db", "\0mysql\0-uroot\0-p<REDACTED>\0db"),
        Example("\0/usr/bin/mysqldump\0-p¬hunter2", "\0/usr/bin/mysqldump\0-p<REDACTED>"),
      ],
      leaves: ["\0mysql\0-u\0root\0-p\0db", "\0mysql\0-P3306", "\0gcc\0-lmysql\0-pthread"]),
    commandLine(
      "Passwords of other clients",
      #"(\x00(?:[^\x00]*/)?(?:sshpass"# + others + #"\x00-p\x00?|mongo[a-z]*"# + others
        + #"\x00-p\x00|redis-cli"# + others + #"\x00-a\x00|ldap[a-z]+"# + others
        + #"\x00-w\x00|(?:un)?zip"# + others + #"\x00-P\x00?|7z[az]?"# + others + #"\x00-p))"#
        + rest,
      words: ["sshpass\0", "mongo", "redis-cli\0", "ldap", "zip\0", "7z\0", "7za\0", "7zz\0"],
      examples: [
        Example("\0sshpass\0-p¬hunter2\0ssh\0h", "\0sshpass\0-p<REDACTED>\0ssh\0h"),
        Example("\0redis-cli\0-h\0h\0-a\0¬hunter2", "\0redis-cli\0-h\0h\0-a\0<REDACTED>"),
        Example("\0unzip\0-P\0¬hunter2\0a.zip", "\0unzip\0-P\0<REDACTED>\0a.zip"),
      ],
      leaves: ["\0sshpass\0-e\0ssh\0h", "\0zip\0-r\0a.zip\0.", "\0gzip\0-P\0x"]),
    commandLine(
      "Passwords of logins", #"(\x00login"# + others + #"\x00-p(?:\x00|=)?)"# + rest,
      words: ["login\0"],
      examples: [
        Example(
          "\0docker\0login\0-u\0me\0-p\0¬hunter2\0r.io",
          "\0docker\0login\0-u\0me\0-p\0<REDACTED>\0r.io")
      ],
      leaves: ["\0docker\0login\0--password-stdin", "\0ssh\0-p\022\0login\0x"]),
    commandLine(
      "Secrets as arguments of a name",
      #"(\x00(?i:aws_secret_access_key|aws_session_token|(?:[^\x00]*:)?_auth(?:token)?|(?:[^\x00]*:)?_password)\x00|\x00(?:pass:|--from-literal=[^\x00=]+=))"#
        + rest,
      words: [
        "aws_secret_access_key\0", "aws_session_token\0", "_auth\0", "_authtoken\0", "_password\0",
        "\0pass:", "\0--from-literal=",
      ],
      examples: [
        Example(
          "\0aws\0configure\0set\0aws_secret_access_key\0¬abc/def",
          "\0aws\0configure\0set\0aws_secret_access_key\0<REDACTED>"),
        Example(
          "\0openssl\0rsa\0-passin\0pass:¬hunter2", "\0openssl\0rsa\0-passin\0pass:<REDACTED>"),
        Example(
          "\0kubectl\0create\0--from-literal=dsn=¬x",
          "\0kubectl\0create\0--from-literal=dsn=<REDACTED>"),
      ],
      leaves: ["\0openssl\0rsa\0-passin\0env:P", "\0aws\0configure\0get\0aws_secret_access_key"]),
  ]
}
