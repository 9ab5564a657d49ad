package mongostore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"hailong/fault"
	"hailong/store"
)

// Codes of the server, from error_codes.yml of MongoDB.
const (
	codeUnauthorized         = 13
	codeAuthenticationFailed = 18
	codeNamespaceExists      = 48
	codeInvalidOptions       = 72
	codeNotImplemented       = 238
	codeDuplicateKey         = 11000
	codeOutOfDiskSpace       = 14031
)

// hasCode reports whether the server gave the code.
func hasCode(err error, code int) bool {
	var e mongo.ServerError
	return errors.As(err, &e) && e.HasErrorCode(code)
}

// faultOf classifies an error of the driver. What the server itself refused is
// Internal unless it may go away; all else comes from the way to the server.
func faultOf(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return fault.Wrap(err, fault.Unavailable, "store.interrupted")
	}
	var server mongo.ServerError
	switch {
	case hasCode(err, codeOutOfDiskSpace):
		return fault.Wrap(err, fault.Unavailable, "store.full")
	case !errors.As(err, &server), mongo.IsNetworkError(err), mongo.IsTimeout(err), passing(server):
		return store.Away(err)
	}
	return fault.Wrap(err, fault.Internal, "store.failed")
}

// passing reports a refusal that ends by itself, such as a change of primary or a
// majority that did not acknowledge in time.
func passing(err mongo.ServerError) bool {
	var write mongo.WriteException
	var bulk mongo.BulkWriteException
	if errors.As(err, &write) && write.WriteConcernError != nil || errors.As(err, &bulk) && bulk.WriteConcernError != nil {
		return true
	}
	for _, label := range []string{"RetryableWriteError", "TransientTransactionError", "SystemOverloadedError"} {
		if err.HasErrorLabel(label) {
			return true
		}
	}
	return false
}

// faultOfWrite classifies what kept one row of many from being stored. The
// server's message is left out, because it may name the id.
func faultOfWrite(kind store.Kind, code int) error {
	cause := fmt.Errorf("the server refused a row with code %d", code)
	switch code {
	case codeDuplicateKey:
		return store.Exists(kind)
	case codeOutOfDiskSpace:
		return fault.Wrap(cause, fault.Unavailable, "store.full")
	}
	return store.Away(cause)
}

// openFault is faultOf for what can be wrong at the start.
func openFault(ctx context.Context, err error, hosts []string) error {
	if hasCode(err, codeUnauthorized) || hasCode(err, codeAuthenticationFailed) {
		return fault.Wrap(err, fault.Unavailable, "store.refused", "hosts", strings.Join(hosts, ", "))
	}
	classified := faultOf(ctx, err)
	if fault.Is(classified, fault.Unavailable) {
		return fault.Wrap(err, fault.Unavailable, "store.unreachable", "hosts", strings.Join(hosts, ", "))
	}
	return classified
}

// addressFault is the fault of an address that the driver does not take, without
// the cause, which may quote it. An address mongodb+srv:// is looked up by name.
func addressFault(err error) error {
	var lookup *net.DNSError
	if errors.As(err, &lookup) {
		return fault.Wrap(lookup, fault.Unavailable, "store.unreachable", "hosts", lookup.Name)
	}
	return fault.New(fault.Invalid, "store.bad_uri")
}
