/// The parts that the patterns for `name = value` are made of.
private enum Assignment {
  /// What may stand between a name and its value, a quotation mark before the value not included.
  static let sign =
    #"[0-9]{0,2}\\{0,3}["']?\]?[ \t]{0,4}(?:=>|:=(?!=)|=(?![=~>])|:(?![:/=]))[ \t]{0,8}"#

  /// What is no secret: variables, templates, masks, words that say there is none.
  static let blank =
    #"(?!<REDACTED>|\$[({]|\$[A-Za-z_][A-Za-z0-9_]*(?:[\s"'&;,)]|$)|%[({]|%[a-z](?![A-Za-z0-9])|\{\{|\{[a-z_]|<[A-Za-z_ -]{1,40}>|\*{3}|\.{3}|x{4,}(?![A-Za-z0-9]))"#
    + #"(?!(?i:none|null|nil|undefined|true|false|yes|no|on|off|required|optional|disabled|enabled|missing|unset|string|str|bytes|bool|boolean|int|integer|number|object|hidden|redacted|masked|prompt|ask|default|invalid|incorrect|unknown|any|self|this|auto)(?![A-Za-z0-9_!@#$%^&*-]))"#

  /// What is no secret where no quotation mark stands: paths, calls, members, types, names of secrets,
  /// prose.
  static let code =
    #"(?!(?:\.{1,2}|~)?/(?:[A-Za-z0-9_.@-]{1,80}/)*+[A-Za-z0-9_.@-]{0,80}(?:[\s"'&;,<>|():]|$))"#
    + #"(?![A-Za-z_][A-Za-z0-9_.:]{0,80}[(\[<{])"#
    + #"(?!(?:self|this|os|sys|process|env|config|settings|args|opts|options|request|req|ctx|context|user|params|data|vars|var|local|module|secrets|github|inputs?|props|state|form|event|values|cfg|conf|app|flags)\.)"#
    + #"(?![A-Za-z_.]{0,80}(?i:pass|pwd|secret|token|key|credential)[A-Za-z_.]{0,80}(?:[\s"'&;,<>|()]|$))"#
    + #"(?![A-Za-z]{1,4}[ \t]++[A-Za-z])"#

  /// A value without quotation marks, of `least` characters or more; a backslash may be in it unless
  /// it begins an escape of JSON.
  static func bare(atLeast least: Int) -> String {
    "(?=\(bareCharacter){\(least)})\(bareCharacter)++"
      + #"(?:\\(?![nrtu"'\\])"# + "\(bareCharacter)*+)*+"
  }

  /// Behind a colon and a space, as in YAML: up to the next white space, whatever the characters are.
  static let line = #"(?<=: )(?=[^\s"'<]{3})[^\s"'<\\]*[^\s"'<\\,;)\]}]"#

  static let bareCharacter = #"[^\s"'&;,<>|()\\\x00]"#

  /// A value in quotation marks, which may have a backslash before each, in a string of JSON. A mark
  /// that ends what stands before it, as in `grep 'password=' file 'x'`, begins none.
  static let quoted =
    #"(?:(?<=\\["'])(?!\\{1,3}["'])[^"'\\\r\n]*+(?:\\(?!\\{0,2}["'])[^"'\\\r\n]*+)*+(?<!\\["'])"#
    + #"|(?<=")(?![\s;|&)])(?=[^"\r\n])[^"\\\r\n]*+(?:\\[^\r\n][^"\\\r\n]*+)*+(?="|\Z)"#
    + #"|(?<=')(?![\s;|&)])(?=[^'\r\n])[^'\\\r\n]*+(?:\\[^\r\n][^'\\\r\n]*+)*+(?='|\Z)|"#

  /// As `quoted`, one word of eight characters or more with a digit, or of twenty.
  static let quotedWord =
    #"(?:(?<=["'])(?=[^\s"'\\]{0,400}[0-9]|[^\s"'\\]{20})[^\s"'\\<]{8,8000}|"#

  static let mark = #"(\\{0,3}["']|)"#

  static func passwords(_ names: String) -> String {
    "((?i:\(names))\(sign))\(mark)\(blank)\(quoted)"
      + #"(?<!["'])"# + code + "(?:\(line)|\(bare(atLeast: 3))))"
  }

  static func tokens(_ names: String) -> String {
    "((?i:\(names))\(sign))\(mark)\(blank)\(quotedWord)"
      + #"(?<!["'])"# + code + "(?=\(bareCharacter){0,400}[0-9])(?![0-9][0-9.,:]*(?:\\s|$))"
      + bare(atLeast: 8) + ")"
  }
}

extension DefaultRule {
  /// Names of long options whose value is a secret, and what may stand before such a name.
  private static let optionNames = [
    "password", "passwd", "passphrase", "pass", "token", "secret", "api-key", "apikey",
    "access-key",
    "secret-key", "access-token", "auth-token",
  ]
  private static let optionOwners = [
    "admin", "app", "auth", "aws", "client", "db", "docker", "git", "github", "gitlab", "http",
    "key",
    "ldap", "login", "new", "npm", "old", "proxy", "registry", "root", "service", "smtp", "ssh",
    "store", "user", "vault",
  ]

  /// The same of Java's keytool and of openssl, with one dash.
  private static let shortOptionNames = [
    "storepass", "keypass", "srcstorepass", "deststorepass", "passphrase", "password",
  ]

  /// A name, a sign, a secret: query strings, JSON, YAML, INI, shell, source text.
  static let assignments: [DefaultRule] = [
    DefaultRule(
      "Passwords with their names",
      Assignment.passwords(
        "passwords?|passwd|passphrase|passcode|(?!(?<![A-Za-z_])(?-i:PWD)|(?<=OLD)(?-i:PWD))pwd|(?<=_)pass|(?<![a-z_-])pass(?==)|(?<=[\"'])pass(?=\\\\{0,3}[\"'])"
      ),
      to: #"\1\2<REDACTED>"#,
      at: .words(["pass", "pwd"]),
      examples: [
        Example("DB_PASSWORD=¬hunter2", "DB_PASSWORD=<REDACTED>"),
        Example("password: ¬s3cr3t!\nuser: me", "password: <REDACTED>\nuser: me"),
        Example(
          #"{"password": "¬correct horse", "user": "me"}"#,
          #"{"password": "<REDACTED>", "user": "me"}"#),
        Example(#"{\"password\": \"¬hunter2\"}"#, #"{\"password\": \"<REDACTED>\"}"#),
        Example(
          "https://h/?user=me&password=¬hunter2&x=1", "https://h/?user=me&password=<REDACTED>&x=1"),
        Example(
          "Server=h;User Id=sa;Password=¬p4ss;Encrypt=yes",
          "Server=h;User Id=sa;Password=<REDACTED>;Encrypt=yes"),
        Example("[db]\npasswd = '¬it''s'\n", "[db]\npasswd = '<REDACTED>''s'\n"),
        Example("--password=¬x1y2", "--password=<REDACTED>"),
        Example("MYSQL_PWD=¬abc", "MYSQL_PWD=<REDACTED>"),
        Example("SMTP_PASS=¬letmein", "SMTP_PASS=<REDACTED>"),
        Example("password: ¬a&b;c|d(e\n", "password: <REDACTED>\n"),
        Example(#"{"user":"me","pass":"¬letmein"}"#, #"{"user":"me","pass":"<REDACTED>"}"#),
        Example(
          "[client]\nuser = me\npassword = ¬letmein\nhost = h\n",
          "[client]\nuser = me\npassword = <REDACTED>\nhost = h\n"),
      ],
      leaves: [
        "PWD=/srv/project", "/usr/bin/env | grep -v '^PWD='; exit 8", "OLDPWD='/no/such x'",
        "grep 'password=' file; echo 'x'", "password = getpass()", "password: ${{ secrets.DB }}",
        "password=$PASSWORD ", "password = None", "x(password=password, y)",
        "self.password = new_password", ":param password: The plaintext", "PASS: test-1",
        "bypass=yes please", "\"pass\": 3, \"fail\": 0",
        "std::password::hash", "password == other", "password: *****", "password_file=/run/x",
      ]),
    DefaultRule(
      "Secrets, tokens and keys with their names",
      Assignment.tokens(
        "(?:secret|token)s?|api[_-]?key|access[_-]?key(?:[_-]?id)?|secret[_-]?(?:access[_-]?)?key(?:[_-]?base)?|auth[_-]?key|private[_-]?key|signing[_-]?key|encryption[_-]?key|account[_-]?key|master[_-]?key|client[_-]?key|app[_-]?key|credentials?"
      ),
      to: #"\1\2<REDACTED>"#,
      at: .words(
        ["secret", "token", "apikey", "credential"]
          + [
            "api", "access", "auth", "private", "signing", "encryption", "account", "master",
            "client", "app",
          ]
          .flatMap { ["\($0)_key", "\($0)-key"] }
          + [
            "accesskey", "authkey", "privatekey", "signingkey", "encryptionkey", "accountkey",
            "masterkey", "clientkey", "appkey",
          ]),
      examples: [
        Example("api_key=¬9f8e7d6c5b4a", "api_key=<REDACTED>"),
        Example("X-Api-Key: ¬9f8e7d6c5b4a\r\n", "X-Api-Key: <REDACTED>\r\n"),
        Example(
          "https://h/?access_token=¬9f8e7d6c5b4a&x=1", "https://h/?access_token=<REDACTED>&x=1"),
        Example(#""client_secret": "¬Zx9-Qw8_Er7""#, #""client_secret": "<REDACTED>""#),
        Example("token: ¬9f8e7d6c5b4a # ours", "token: <REDACTED> # ours"),
        Example("PRIVATE-TOKEN: ¬9f8e7d6c5b4a", "PRIVATE-TOKEN: <REDACTED>"),
        Example(
          "//registry.npmjs.org/:_authToken=¬9f8e7d6c-5b4a",
          "//registry.npmjs.org/:_authToken=<REDACTED>"),
        Example("export SIGNING_KEY='¬9f8e7d6c5b4a'", "export SIGNING_KEY='<REDACTED>'"),
        Example("secret_key_base: ¬9f8e7d6c5b4a9f8e7d6c5b4a", "secret_key_base: <REDACTED>"),
        Example("[app]\nsecret = ¬9f8e7d6c5b4a\n", "[app]\nsecret = <REDACTED>\n"),
      ],
      leaves: [
        "token: IDENT", "token = lexer.next()", "secret: ./path/to/file1", "tokens: 128",
        "token=1.25.3 ",
        "secretName: registry-7", "api_key = os.environ[\"API_KEY\"]", "tokenizer=bert-base-1234",
        #""token": "NUMBER""#, "token::Kind12345::A", "api_key: $API_KEY1 ",
      ]),
    DefaultRule(
      "Passwords and secrets in YAML blocks",
      #"((?i:passwords?|passwd|passphrase|secret|token|api[_-]?key|private[_-]?key)["']?:[ \t]{1,4}[|>][0-9+-]{0,2}[ \t]{0,4}\r?\n([ \t]{1,40}))(?!<REDACTED>)[^\s][^\r\n]*+(?:\r?\n\2[^\r\n]++)*+"#,
      at: .words([
        "password", "passwd", "passphrase", "secret", "token", "apikey", "api_key", "api-key",
        "privatekey", "private_key", "private-key",
      ]),
      examples: [
        Example(
          "password: |\n  ¬correct horse\n  battery staple\nuser: me\n",
          "password: |\n  <REDACTED>\nuser: me\n"),
        Example("  token: >-\n    ¬abc\n  x: y", "  token: >-\n    <REDACTED>\n  x: y"),
      ],
      leaves: ["password: |\nuser: me\n", "tokens: |\n  a\n", "script: |\n  make\n"]),
    DefaultRule(
      "Secrets in XML",
      #"((?i:password|passwd|passphrase|secret|token|api-?key|(?:secret|access|private)-?key)>)(?![<$*{])[^<>\s]{3,4000}(?=</)"#,
      at: .words([
        "password>", "passwd>", "passphrase>", "secret>", "token>", "apikey>", "api-key>",
        "secretkey>", "secret-key>", "accesskey>", "access-key>", "privatekey>", "private-key>",
      ]),
      examples: [
        Example("<password>¬hunter2</password>", "<password><REDACTED></password>"),
        Example("<m:apiKey>¬abc123</m:apiKey>", "<m:apiKey><REDACTED></m:apiKey>"),
        Example(
          "<SecretAccessKey>wJalrXUtnFEMI/¬K7MDENG/bPxRfiCYEXAMPLEKEY</SecretAccessKey>",
          "<SecretAccessKey><REDACTED></SecretAccessKey>"),
      ],
      leaves: ["<password></password>", "<password>${p}</password>", "cmd --token <token>x"]),
    DefaultRule(
      "Options with secrets",
      #"(?<![A-Za-z0-9-])((?:--(?i:(?:\#(optionOwners.joined(separator: "|")))-)?(?i:\#(optionNames.joined(separator: "|")))|-(?:\#(shortOptionNames.joined(separator: "|"))))[ \t]{1,4}\\{0,3}["']?)(?![-<\[${|%])(?=[^\s"'\\]{0,200}[0-9!@#$%^*+=])[^\s"'\\,;]{4,400}"#,
      at: .words(
        optionNames.flatMap { name in
          ["--\(name) "] + optionOwners.map { "--\($0)-\(name) " }
        } + shortOptionNames.map { "-\($0) " }),
      examples: [
        Example("+ deploy --password ¬hunter2 --to x", "+ deploy --password <REDACTED> --to x"),
        Example("sh -c \"x --db-token '¬9f8e7d6c'\"", "sh -c \"x --db-token '<REDACTED>'\""),
        Example(
          "+ keytool -list -storepass ¬changeit1 -v", "+ keytool -list -storepass <REDACTED> -v"),
      ],
      leaves: [
        "  --password string   the password", "--token TOKEN", "use --password for that",
        "base-passwd (3.6.1) unstable", "since base-passwd 3.6.1",
      ]),
    DefaultRule(
      "curl's user option",
      #"(?<![A-Za-z0-9_])(curl(?=[^\r\n|;]{0,400}?[ \t]-)[^\r\n|;]{0,400}?[ \t](?:-[A-Za-z]{0,8}[uU]|--(?:proxy-)?user)[ \t=]{0,4}\\{0,3}["']?[^\s:"'$]{1,100}:)(?![<$])[^\s"'\\]{1,200}"#,
      at: .words(["curl "]),
      examples: [
        Example("+ curl -sS -u me:¬hunter2 https://h/", "+ curl -sS -u me:<REDACTED> https://h/"),
        Example("curl --user 'me:¬hunter2' h", "curl --user 'me:<REDACTED>' h"),
      ],
      leaves: ["curl -u me https://h:443/", "curl -u $USER:$PASS h", "curl -sS https://h"]),
    DefaultRule(
      "Passwords in .netrc",
      #"(?<![A-Za-z0-9])(login\s{1,8}[^\s]{1,200}\s{1,8}password\s{1,8})(?!<)[^\s]{1,200}"#,
      at: .words(["login ", "login\n", "login\t"]),
      examples: [
        Example(
          "machine h login me password ¬hunter2\n", "machine h login me password <REDACTED>\n")
      ],
      leaves: ["login failed", "login me account x"]),
  ]
}
