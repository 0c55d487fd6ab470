import Testing

extension Workspace {
  /// A C project with folders, a library of its own and programs that are compiled and linked at once.
  func cProject() throws {
    #expect(try Command("mkdir", "lib", "tests", in: path).run().status == 0)
    try write("main.c", "int twice(int); int main(void) { return twice(0); }\n")
    try write("one.c", "int one;\n")
    try write("two.c", "int two;\n")
    try write("lib/twice.c", "int twice(int x) { return 2 * x; }\n")
    try write("lib/thrice.c", "int thrice(int x) { return 3 * x; }\n")
    try write("lib/start.S", ".globl nothing\nnothing:\n.section .note.GNU-stack\n")
    try write("tests/test.cc", "int main() { return 0; }\n")
    try write(
      "Makefile",
      """
      all: main.o tests/test
      \t$(MAKE) -C lib
      \tcc -o program main.o lib/libtwice.a -lm
      \tcd tests && gcc -I.. -c ../one.c -o one.o
      main.o: main.c
      \tgcc -MMD -MP -O1 -Wall -DNAME='"a b"' -c -o $@ $<
      tests/test: tests/test.cc
      \tg++ -std=c++17 -O2 -I. -o $@ $< -lm
      \tg++ -E tests/test.cc >/dev/null

      """)
    try write(
      "lib/Makefile",
      """
      libtwice.a: twice.o thrice.o start.o
      \tar rc $@ $^
      %.o: %.c
      \tgcc -I.. -c $< -o $@
      %.o: %.S
      \tgcc -c $< -o $@

      """)
  }

  /// Runs Python in this folder; it says by an exception what is wrong.
  func python(_ script: String) throws {
    let result = try Command("python3", "-c", script, in: path).run()
    #expect(result.status == 0, "\(result.errorText)")
  }
}
