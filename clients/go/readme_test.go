package loci

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The first fenced block of README.md is a program. It is compiled here, and run where LOCI_ADDRESS names a server.
func TestTheExampleOfTheReadmeWorks(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(readme), "```go\n")
	program, _, _ := strings.Cut(rest, "```")
	folder := t.TempDir()
	source, binary := filepath.Join(folder, "main.go"), filepath.Join(folder, "example")
	if err := os.WriteFile(source, []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.Command("go", "build", "-o", binary, source).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	if os.Getenv("LOCI_ADDRESS") == "" {
		t.Skip("compiled, and not run: LOCI_ADDRESS names no server")
	}
	said, err := exec.Command(binary).CombinedOutput()
	if err != nil || string(said) != "Ann plays the cello.\n" {
		t.Errorf("%v\n%s", err, said)
	}
}
