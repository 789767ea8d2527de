package main

import "net/http"

// policy says what pages of another origin may do: each member is a header of the answers that browsers go by.
type policy struct{ origin, methods, headers, exposed, maxAge string }

// before answers what browsers ask before a call, and lets them read the answers of next.
func (allowed policy) before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		header := writer.Header()
		header.Add("Vary", "Origin")
		isAllowed := request.Header.Get("Origin") == allowed.origin
		if isAllowed {
			header.Set("Access-Control-Allow-Origin", allowed.origin)
			header.Set("Access-Control-Expose-Headers", allowed.exposed)
		}
		if request.Method != http.MethodOptions {
			next.ServeHTTP(writer, request)
			return
		}
		if isAllowed {
			header.Set("Access-Control-Allow-Methods", allowed.methods)
			header.Set("Access-Control-Allow-Headers", allowed.headers)
			header.Set("Access-Control-Max-Age", allowed.maxAge)
		}
		writer.WriteHeader(http.StatusNoContent)
	})
}
