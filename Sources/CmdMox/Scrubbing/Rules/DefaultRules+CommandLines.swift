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

  /// Arguments in between, as few as possible; with more, many commands in one line would take long.
  static let otherArguments = #"(?:\x00[^\x00]*){0,200}?"#
  /// A secret that is one argument, or the rest of one.
  private static let rest = #"(?!<REDACTED>)[^\x00]+"#

  /// Arguments of commands.
  static let commandLines: [DefaultRule] =
    [
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
        "Values of options for secrets in a shell's script",
        #"(\x00(?:[^\x00]*/)?(?:ba|da|z|k|a)?sh(?:\x00-[^\x00]*)*?\x00-[a-z]*c\x00(?:[^\x00]*?[\s;|&(])?--?[A-Za-z0-9_-]*(?i:password|passwd|passphrase|token|secret|api-?key|access-key|secret-key|credentials)[ \t]{1,4}["']?)(?![-$<"']|id=)[^\s"'\\|;&<>()`\x00]+"#,
        words: ["sh\0"],
        examples: [
          Example(
            "\0sh\0-c\0deploy --password ¬letmein --to x",
            "\0sh\0-c\0deploy --password <REDACTED> --to x"),
          Example(
            "\0/bin/bash\0-e\0-uc\0a; b --db-token '¬abc'",
            "\0/bin/bash\0-e\0-uc\0a; b --db-token '<REDACTED>'"),
        ],
        leaves: [
          "\0sh\0-c\0deploy --password \"$PASSWORD\"", "\0sh\0-c\0x --password --force",
          "\0git\0commit\0-m\0add --password option",
        ]),
      commandLine(
        "curl's user option and cookies",
        #"(\x00(?:[^\x00]*/)?curl"# + otherArguments
          + #"\x00(?:(?:-[A-Za-z]*[uU]\x00?|--(?:proxy-)?user(?:\x00|=))[^\x00:]+:|(?:-b\x00?|--cookie(?:\x00|=))(?=[^\x00<]*=)))"#
          + rest,
        words: ["curl\0"],
        examples: [
          Example(
            "\0curl\0-s\0-u\0me:¬hunter2\0https://h", "\0curl\0-s\0-u\0me:<REDACTED>\0https://h"),
          Example("\0/usr/bin/curl\0-ume:¬hunter2", "\0/usr/bin/curl\0-ume:<REDACTED>"),
          Example(
            "\0curl\0--user=me:¬a\0-b\0sid=¬1", "\0curl\0--user=me:<REDACTED>\0-b\0<REDACTED>"),
        ],
        leaves: [
          "\0curl\0-u\0me\0https://h:1", "\0curl\0-b\0cookies.txt", "\0docker\0run\0-u\01000:1000",
        ]),
      commandLine(
        "Passwords of logins", #"(\x00login"# + otherArguments + #"\x00-p(?:\x00|=)?)"# + rest,
        words: ["login\0"],
        examples: [
          Example(
            "\0docker\0login\0-u\0me\0-p\0¬hunter2\0r.io",
            "\0docker\0login\0-u\0me\0-p\0<REDACTED>\0r.io")
        ],
        leaves: ["\0docker\0login\0--password-stdin", "\0ssh\0-p\022\0login\0x"]),
      script(
        "Passwords of logins in scripts",
        #"(?:docker|podman|buildah|skopeo|nerdctl|crane|oras|helm|az|oc|cf)[ \t][^\r\n|;&]{0,200}?(?<=[ \t])login"#,
        #"-p[ \t=]{0,4}"#,
        words: [
          "docker ", "podman ", "buildah ", "skopeo ", "nerdctl ", "crane ", "oras ", "helm ",
          "az ", "oc ", "cf ",
        ],
        examples: [
          Example(
            "+ docker login -u me -p ¬letmein r.io", "+ docker login -u me -p <REDACTED> r.io"),
          Example("az acr login -n r -p '¬let me in'", "az acr login -n r -p '<REDACTED>'"),
        ],
        leaves: ["docker login --password-stdin", "docker run -p 80:80 login -x"]),
      commandLine(
        "Secrets as arguments of a name",
        #"(\x00(?i:aws_secret_access_key|aws_session_token|(?:[^\x00]*:)?_auth(?:token)?|(?:[^\x00]*:)?_password)\x00|\x00(?:pass:|--from-literal=[^\x00=]+=))"#
          + rest,
        words: [
          "aws_secret_access_key\0", "aws_session_token\0", "_auth\0", "_authtoken\0",
          "_password\0",
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
        leaves: ["\0openssl\0rsa\0-passin\0env:P", "\0aws\0configure\0get\0aws_secret_access_key"]
      ),
      script(
        "Secrets as arguments of a name in scripts", "aws|openssl|kubectl|oc|curl",
        #"(?:aws_secret_access_key|aws_session_token)[ \t]{1,4}|pass:|--from-literal[ =]["']?[^\s=]{1,200}=|(?:-b[ \t]{0,4}|--cookie[ \t=]{1,4})(?=["']?[^\s"'=<]{1,200}=)"#,
        words: ["aws ", "openssl ", "kubectl ", "oc ", "curl "],
        examples: [
          Example(
            "+ aws configure set aws_secret_access_key ¬abc/def",
            "+ aws configure set aws_secret_access_key <REDACTED>"),
          Example(
            "openssl rsa -passin pass:¬letmein -passout pass:'¬let me in'",
            "openssl rsa -passin pass:<REDACTED> -passout pass:'<REDACTED>'"),
          Example(
            "kubectl create secret generic s --from-literal='dsn=¬x'",
            "kubectl create secret generic s --from-literal='dsn=<REDACTED>'"),
          Example("curl -b 'sid=¬1; theme=dark' h", "curl -b '<REDACTED>' h"),
        ],
        leaves: [
          "openssl rsa -passin env:P", "aws configure get aws_secret_access_key",
          "curl -b cookies.txt h", "pass: 3",
        ]),
    ] + clientPasswords.flatMap(\.rules)

  private static let clientPasswords = [
    ClientPassword(
      "Passwords of MySQL and MariaDB clients",
      "mysql(?:dump|admin|import|check|show|pump|slap|sh)?|mariadb(?:-[a-z]+)?",
      words: ["mysql", "mariadb"], option: "-p", .glued, sample: "mysqldump -uroot -p¬letmein db",
      leaves: ["mysql -u root -p db", "mysql -P3306", "gcc -lmysql -pthread"]),
    ClientPassword(
      "Passwords of sshpass", "sshpass", words: ["sshpass "], option: "-p", .either,
      sample: "sshpass -p ¬letmein ssh h", leaves: ["sshpass -e ssh h"]),
    ClientPassword(
      "Passwords of MongoDB clients", "mongo[a-z]*", words: ["mongo"], option: "-p", .next,
      sample: "mongosh -u me -p ¬letmein h/db", leaves: ["mongosh -u me -p", "mongod --port 1"]),
    ClientPassword(
      "Passwords of Redis clients", "redis-cli", words: ["redis-cli "], option: "-a", .next,
      sample: "redis-cli -h h -a ¬letmein ping", leaves: ["redis-cli -h h ping"]),
    ClientPassword(
      "Passwords of LDAP clients", "ldap[a-z]+", words: ["ldap"], option: "-w", .either,
      sample: "ldapsearch -x -w ¬letmein cn=me", leaves: ["ldapsearch -x -W cn=me"]),
    ClientPassword(
      "Passwords of zip", "(?:un)?zip", words: ["zip ", "unzip "], option: "-P", .either,
      sample: "unzip -P ¬letmein a.zip", leaves: ["zip -r a.zip .", "gzip -P x"]),
    ClientPassword(
      "Passwords of 7z", "7z[az]?", words: ["7z ", "7za ", "7zz "], option: "-p", .glued,
      sample: "7z a -p¬letmein a.7z x", leaves: ["7z a -p a.7z x"]),
    ClientPassword(
      "Passwords of SQL Server's and MQTT's clients", "sqlcmd|mosquitto_(?:pub|sub)",
      words: ["sqlcmd ", "mosquitto_"], option: "-P", .either,
      sample: "sqlcmd -U sa -P ¬letmein", leaves: ["sqlcmd -S h", "mosquitto_pub -p 1883"]),
    ClientPassword(
      "Passwords of twine", "twine", words: ["twine "], option: "-p", .next,
      sample: "twine upload -u me -p ¬letmein x", leaves: ["twine upload dist/x"]),
    ClientPassword(
      "Passwords of HTTPie", "https?|xh", words: ["http ", "https ", "xh "], option: "-a", .next,
      owner: #"[^\s:"'\x00]{1,100}:"#, sample: "http -a me:¬letmein GET h",
      leaves: ["http GET h", "http -a me h"]),
    ClientPassword(
      "Passwords of Samba's clients", "smbclient|rpcclient", words: ["smbclient ", "rpcclient "],
      option: "-U", .either, owner: #"[^\s%"'\x00]{1,100}%"#,
      sample: "smbclient -U me%¬letmein //h/s", leaves: ["smbclient -U me //h/s"]),
    ClientPassword(
      "Passwords of lftp", "lftp", words: ["lftp "], option: "-u", .next,
      owner: #"[^\s,"'\x00]{1,100},"#, sample: "lftp -u me,¬letmein h", leaves: ["lftp -u me h"]),
  ]
}
