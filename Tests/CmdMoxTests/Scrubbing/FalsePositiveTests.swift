import Testing

@testable import CmdMox

/// What a fixture needs whole: hashes, versions, paths.
@Suite struct FalsePositiveTests {
  static let texts: [(name: String, text: String)] = [
    (
      "npm",
      """
      npm http fetch GET 200 https://registry.npmjs.org/js-tokens/-/js-tokens-4.0.0.tgz 31ms
      npm WARN deprecated csrf-tokens@1.2.3: use npm_config_cache=/home/me/.npm
      "node_modules/js-tokens": {"version": "4.0.0", "resolved": "https://registry.npmjs.org/js-tokens/-/js-tokens-4.0.0.tgz", "integrity": "sha512-RdJUflcE3cUzKiMqQgsCu06FPu9UdIJO0beYbPhHN4k6apgJtifcoCtT9bcxOpYBtpD2kCM6Sbzg4CausW/PKQ=="}
      added 812 packages, and audited 813 packages in 12s
      """
    ),
    (
      "pip",
      """
      Collecting secretstorage==3.3.3
        Downloading SecretStorage-3.3.3-py3-none-any.whl.metadata (4.0 kB)
        Downloading https://files.pythonhosted.org/packages/54/24/b4293291fa1dd830f353d2cb163295742fa87f179fcc8a20a306a81978b7/SecretStorage-3.3.3-py3-none-any.whl (15 kB)
      keyring==24.3.0 --hash=sha256:4446d35d636e6a10b8bce7caa66913dd9eca5fd222ca03a3d42c38608ac30836
      tokenizers-0.15.2-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl
      Successfully installed passlib-1.7.4 pyjwt-2.8.0 tokenize-rt-5.2.0
      """
    ),
    (
      "cargo",
      """
         Compiling proc-macro2 v1.0.78
         Compiling secrecy v0.8.0 (/home/me/.cargo/registry/src/index.crates.io-6f17d22bba15001f/secrecy-0.8.0)
         Compiling token-parser v0.4.1 (https://github.com/o/token-parser.git?rev=3f2a9c1d4e5b6a7f8091a2b3c4d5e6f708192a3b#3f2a9c1d)
          Running `rustc --crate-name password_hash --edition=2021 src/lib.rs -C metadata=6b3a55e0261b0304143f805a24924d0c -C extra-filename=-6b3a55e0261b0304 --out-dir /home/me/target/debug/deps --cap-lints allow`
          Finished dev [unoptimized + debuginfo] target(s) in 12.34s
      """
    ),
    (
      "git",
      """
      commit 3f2a9c1d4e5b6a7f8091a2b3c4d5e6f708192a3b (HEAD -> main, tag: v1.2.3)
      Author: Me <me@example.org>
      diff --git a/src/token.c b/src/token.c
      index 4b825dc642cb6eb9a060e54bf8d69288fbee4904..9f86d081884c7d659a2feaa0c55ad015a3bf4f1b 100644
      @@ -1,4 +1,4 @@ token_t *next_token(struct lexer *lexer)
      -  token = lexer_next(lexer);
      +  token = parser->tokens[parser->position++];
      +  password = read_password("/etc/app/password.txt");
      +  api_key = os.environ["API_KEY"]
      +  secret: ./config/secrets/v1.2.3.yaml
      """
    ),
    (
      "build",
      """
      gcc -DPASSWORD_MAX=64 -DTOKEN_SIZE=32 -I/usr/include/libsecret-1 -o build/token_1.2.3.o src/token.c
      /usr/bin/ld: src/keys.o: in function `private_key_load': src/keys.c:12: undefined reference
      -- Found OpenSSL: /usr/lib/x86_64-linux-gnu/libcrypto.so (found version "3.0.11")
      PASS: tests/password_test 1.0.2
      ok 12 - token: 4.5.6 is parsed
      Step 3/7 : FROM docker.io/library/debian@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
       ---> 6b3a55e0261b
      uuid=f81d4fae-7dec-11d0-a765-00a0c91e6bf6 token-id: 12 key=f81d4fae-7dec-11d0-a765-00a0c91e6bf6
      """
    ),
    (
      "certificate",
      """
      -----BEGIN CERTIFICATE-----
      MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ
      RTESMBAGA1UEChMJQmFsdGltb3JlMRMwEQYDVQQLEwpDeWJlclRydXN0MSIwIAYD
      -----END CERTIFICATE-----
      ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl me@host
      """
    ),
    (
      "image",
      "<img src=\"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38GIAXDIBKE0DHxgljNBAAO9TXL0Y4OHwAAAABJRU5ErkJggg==\">"
    ),
  ]

  @Test(arguments: texts)
  func `logs are left as they are`(name: String, text: String) throws {
    #expect(try scrubbed(text, in: .stdout, by: .defaults) == text)
  }

  @Test func `random hashes and UUIDs are left as they are`() throws {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<2000 {
      for length in [32, 40, 64, 128] {
        let hash = String(
          (0..<length).map { _ in "0123456789abcdef".randomElement(using: &random) ?? "0" })
        for text in [
          "\(hash)  file", "sha256:\(hash)", "commit \(hash)", "/store/\(hash)-x-1.2/bin",
          "id=\(hash)",
        ] {
          #expect(try scrubbed(text, in: .stdout, by: .defaults) == text)
        }
      }
    }
  }
}
