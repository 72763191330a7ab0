// Command sealing makes keys for Sealed Secrets, seals values for their holder, and opens what was sealed: with the controller's own code.
//
// It reads one JSON object and prints one; what is wrong goes to standard error.
//
//	sealing key   {"name": "staging", "days": 3650}                                → {"certificate": "PEM", "key": "PEM"}
//	sealing seal  {"certificate": "PEM", "namespace": "…", "name": "…", "value": "…"} → {"sealed": "base64"}
//	sealing open  {"keys": ["PEM"], "sealedSecret": {…}}                           → {"metadata": {…}, "data": {…}}
package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/bitnami/sealed-secrets/pkg/apis/sealedsecrets/v1alpha1"
	"github.com/bitnami/sealed-secrets/pkg/crypto"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/client-go/util/keyutil"
)

// As the controller makes its own.
const keyBits = 4096

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	if len(os.Args) != 2 {
		return errors.New("usage: sealing key|seal|open")
	}
	switch os.Args[1] {
	case "key":
		return answer(makeKey)
	case "seal":
		return answer(seal)
	case "open":
		return answer(open)
	}
	return fmt.Errorf("there is no command %q: key, seal or open", os.Args[1])
}

func answer[Q, A any](respond func(Q) (A, error)) error {
	var question Q
	if err := json.NewDecoder(os.Stdin).Decode(&question); err != nil {
		return fmt.Errorf("standard input is no JSON: %w", err)
	}
	given, err := respond(question)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(given)
}

type keyWanted struct {
	Name string `json:"name"`
	Days int    `json:"days"`
}

type keyMade struct {
	Certificate string `json:"certificate"`
	Key         string `json:"key"`
}

func makeKey(wanted keyWanted) (keyMade, error) {
	key, certificate, err := crypto.GeneratePrivateKeyAndCert(keyBits, time.Duration(wanted.Days)*24*time.Hour, wanted.Name)
	if err != nil {
		return keyMade{}, err
	}
	return keyMade{
		Certificate: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Raw})),
		Key:         string(pem.EncodeToMemory(&pem.Block{Type: keyutil.RSAPrivateKeyBlockType, Bytes: x509.MarshalPKCS1PrivateKey(key)})),
	}, nil
}

type valueToSeal struct {
	Certificate string `json:"certificate"`
	Namespace   string `json:"namespace"`
	Name        string `json:"name"`
	Value       string `json:"value"`
}

type sealedValue struct {
	Sealed string `json:"sealed"`
}

func seal(wanted valueToSeal) (sealedValue, error) {
	block, _ := pem.Decode([]byte(wanted.Certificate))
	if block == nil {
		return sealedValue{}, errors.New("the certificate is no PEM")
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return sealedValue{}, fmt.Errorf("the certificate cannot be read: %w", err)
	}
	if time.Now().After(certificate.NotAfter) {
		return sealedValue{}, fmt.Errorf("the certificate expired on %s; make another key", certificate.NotAfter.Format(time.DateOnly))
	}
	key, ok := certificate.PublicKey.(*rsa.PublicKey)
	if !ok {
		return sealedValue{}, errors.New("the certificate is of no RSA key")
	}
	label := v1alpha1.EncryptionLabel(wanted.Namespace, wanted.Name, v1alpha1.StrictScope)
	sealed, err := crypto.HybridEncrypt(rand.Reader, key, []byte(wanted.Value), label)
	if err != nil {
		return sealedValue{}, err
	}
	return sealedValue{base64.StdEncoding.EncodeToString(sealed)}, nil
}

type secretToOpen struct {
	Keys         []string              `json:"keys"`
	SealedSecret v1alpha1.SealedSecret `json:"sealedSecret"`
}

func open(wanted secretToOpen) (any, error) {
	keys := map[string]*rsa.PrivateKey{}
	for _, text := range wanted.Keys {
		parsed, err := keyutil.ParsePrivateKeyPEM([]byte(text))
		if err != nil {
			return nil, fmt.Errorf("a key cannot be read: %w", err)
		}
		key, ok := parsed.(*rsa.PrivateKey)
		if !ok {
			return nil, errors.New("a key is no RSA key")
		}
		fingerprint, err := crypto.PublicKeyFingerprint(&key.PublicKey)
		if err != nil {
			return nil, err
		}
		keys[fingerprint] = key
	}
	return wanted.SealedSecret.Unseal(serializer.NewCodecFactory(runtime.NewScheme()), keys)
}
