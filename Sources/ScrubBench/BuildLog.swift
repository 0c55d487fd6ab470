/// The output of a build: compiler lines, warnings, paths, tests, downloads, hashes.
enum BuildLog {
  /// - Parameters:
  ///   - bytes: the least length.
  ///   - secretEvery: one line of so many has a secret; 0 for none.
  static func text(bytes: Int, secretEvery: Int = 0) -> String {
    var text = ""
    text.reserveCapacity(bytes + 1000)
    var line = 0
    while text.utf8.count < bytes {
      text += secretEvery > 0 && line % secretEvery == 7 ? secret(line) : ordinary(line)
      text += "\n"
      line += 1
    }
    return text
  }

  private static func ordinary(_ line: Int) -> String {
    let module = ["parser", "tokenizer", "keyring", "password_dialog", "http", "session"][line % 6]
    switch line % 10 {
    case 0, 1, 2, 3:
      return
        "gcc -DHAVE_CONFIG_H -I. -I../include -Wall -g -O2 -MT \(module)_\(line).o -MD -MP -MF "
        + ".deps/\(module)_\(line).Tpo -c -o \(module)_\(line).o ../src/\(module)_\(line).c"
    case 4:
      return
        "../src/\(module).c:\(line):17: warning: unused variable ‘token_count’ [-Wunused-variable]"
    case 5:
      return
        "[\(line % 100)%] Building CXX object src/CMakeFiles/\(module).dir/\(module)_\(line).cpp.o"
    case 6:
      return
        "Downloading https://files.example.org/packages/\(module)-1.\(line).0-py3-none-any.whl (12 kB)"
    case 7: return "PASS: test-\(module)-\(line) (0.0\(line % 10) s)"
    case 8:
      return
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a\(line % 90 + 10)  "
        + "dist/\(module).tar.gz"
    default: return "make[\(line % 4)]: Entering directory '/home/me/project/src/\(module)'"
    }
  }

  private static func secret(_ line: Int) -> String {
    switch line % 3 {
    case 0: "+ deploy --password hunter\(line) https://me:s3cr3t@h.example/"
    case 1: "Authorization: Bearer abcdef0123456789\(line)"
    default: "export API_KEY=0123456789abcdef\(line)"
    }
  }
}
