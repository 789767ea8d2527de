package loci

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const secret = "very-secret"

func TestOnlyThisMachineIsLocal(t *testing.T) {
	for address, local := range map[string]bool{
		"127.0.0.1:1": true, "127.9.9.9:1": true, "localhost:1": true, "LOCALHOST": true, "[::1]:1": true,
		"unix:/run/loci": true, "unix-abstract:loci": true, "dns:///localhost:1": true, "passthrough:///127.0.0.1:1": true,
		"[::ffff:127.0.0.1]:1": true,
		"10.0.0.1:1":           false, "localhost.example:1": false, "dns://8.8.8.8/localhost:1": false, "xds:///loci": false,
		"": false, "127.0.0.1,10.0.0.1:1": false, "0.0.0.0:1": false, "[::]:1": false,
	} {
		if isLocal(address) != local {
			t.Errorf("%q: local is %v", address, !local)
		}
	}
}

func TestTheKeyDoesNotGoToAnotherMachineInClear(t *testing.T) {
	t.Setenv("LOCI_API_KEY", "")
	t.Setenv("LOCI_API_KEY_FILE", "")
	for name, options := range map[string][]Option{
		"clear": {WithAddress("loci.example:50051"), WithAPIKey(secret)},
		"url":   {WithAddress("http://127.0.0.1:50051"), WithAPIKey(secret)},
	} {
		_, err := New(options...)
		if !errors.Is(err, InvalidArgument) || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, options := range map[string][]Option{
		"insecure": {WithAddress("loci.example:50051"), WithAPIKey(secret), WithInsecure()},
		"tls":      {WithAddress("loci.example:50051"), WithAPIKey(secret), WithTLS(nil)},
		"name":     {WithAddress("loci.example:50051"), WithAPIKey(secret), WithServerName("loci")},
		"no key":   {WithAddress("loci.example:50051")},
	} {
		client, err := New(options...)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		_ = client.Close()
	}
}

func TestWhatIsNoAddressIsRefusedForItsForm(t *testing.T) {
	for _, address := range []string{
		"localhost", "127.0.0.1", "127.0.0.1:99999", "127.0.0.1:0", "127.0.0.1:-1", "127.0.0.1:+1", "127.0.0.1:http", ":52001", "loci:", " ",
		" 127.0.0.1:1", "127.0.0.1:1 ", "loci.example:1\n", "::1", "[::1]", "[::1", "::1:1", "http://loci:1", "loci://x:1", "a:1/b", "a,b:1",
		"unix:", "unix://", "dns:", "dns:///", "dns:///loci", "dns:///loci:0", "passthrough:///",
	} {
		_, err := New(WithAddress(address), WithAPIKey(secret))
		if !errors.Is(err, InvalidArgument) || !strings.Contains(err.Error(), "is not an address") {
			t.Errorf("%q: %v", address, err)
		}
	}
	for _, address := range []string{
		"loci.example:443", "127.0.0.1:1", "[::1]:65535", "unix:/run/loci", "unix:///run/loci", "unix-abstract:loci",
		"dns:///loci.example:443", "dns:loci.example:443", "dns://8.8.8.8/loci.example:443", "passthrough:///bufnet",
	} {
		client, err := New(WithAddress(address), WithAPIKey(secret), WithInsecure())
		if err != nil {
			t.Errorf("%q: %v", address, err)
			continue
		}
		_ = client.Close()
	}
}

func TestTheKeyIsNotShown(t *testing.T) {
	client, err := New(WithAddress("127.0.0.1:1"), WithAPIKey(secret))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	shown, err := newCredential(secret, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, thing := range []any{client, *client, shown, []any{shown}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
			if text := fmt.Sprintf(verb, thing); strings.Contains(text, secret) {
				t.Errorf("%s of %T: %s", verb, thing, text)
			}
		}
	}
	for _, key := range []string{"", secret + "\n", secret + "é", secret + " x"} {
		if _, err := New(WithAPIKey(key)); !errors.Is(err, InvalidArgument) || strings.Contains(err.Error(), secret) {
			t.Errorf("%q: %v", key, err)
		}
	}
}

func TestAddressAndKeyComeFromTheEnvironment(t *testing.T) {
	file := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(file, []byte("of-a-file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("LOCI_ADDRESS", "localhost:7")
	t.Setenv("LOCI_API_KEY", "")
	t.Setenv("LOCI_API_KEY_FILE", file)
	expect := func(address, key string, options ...Option) {
		t.Helper()
		settings, shown, err := settle(options)
		if err != nil {
			t.Fatal(err)
		}
		if settings.address != address || shown.header["authorization"] != "Bearer "+key {
			t.Errorf("%s with %s", settings.address, shown.header)
		}
	}
	expect("localhost:7", "of-a-file")
	t.Setenv("LOCI_API_KEY", "of-the-environment")
	expect("localhost:7", "of-the-environment")
	expect("localhost:8", "of-the-caller", WithAddress("localhost:8"), WithAPIKey("of-the-caller"))
	t.Setenv("LOCI_ADDRESS", "")
	expect("127.0.0.1:50051", "of-the-environment")
	t.Setenv("LOCI_API_KEY", "")
	t.Setenv("LOCI_API_KEY_FILE", file+"-that-is-not-there")
	if _, _, err := settle(nil); !errors.Is(err, InvalidArgument) {
		t.Errorf("a key file that is not there: %v", err)
	}
	t.Setenv("LOCI_API_KEY_FILE", file)
	if err := os.WriteFile(file, []byte("\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := settle(nil); !errors.Is(err, InvalidArgument) || !strings.Contains(err.Error(), "LOCI_API_KEY_FILE: "+file+" is empty") {
		t.Errorf("a key file that is empty: %v", err)
	}
}
