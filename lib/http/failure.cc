// SPDX-License-Identifier: Apache-2.0
#include "http/failure.h"

#include <cerrno>
#include <system_error>

#include "base/text.h"

namespace socbridge::http {
namespace {

bool name_is_found(CURL* easy) {
  curl_off_t at = 0;
  curl_easy_getinfo(easy, CURLINFO_NAMELOOKUP_TIME_T, &at);
  return at > 0;
}

// CURLINFO_CONNECT_TIME also stays 0 until the handshake is over; the port is known earlier.
bool tcp_is_connected(CURL* easy) {
  long port = 0;
  curl_easy_getinfo(easy, CURLINFO_LOCAL_PORT, &port);
  return port > 0;
}

std::string os_reason(CURL* easy, const char* otherwise) {
  long number = 0;
  curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &number);
  if (number == 0 || number == EINPROGRESS) return otherwise;
  return std::generic_category().message(static_cast<int>(number));
}

bool is_tls_code(CURLcode code) {
  switch (code) {
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_SETFAILED:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_USE_SSL_FAILED:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CLIENTCERT: return true;
    default: return false;
  }
}

std::string within(std::int64_t ms) { return " within " + std::to_string(ms) + " ms"; }

Outcome failed(FailureKind kind, std::string text) {
  Outcome outcome;
  outcome.failure = kind;
  outcome.error = std::move(text);
  return outcome;
}

Outcome tls_failure(const std::string& where, const TransferResult& ending) {
  std::string text = "TLS with " + where + " failed: " + tls_reason(ending.curl_text);
  if (ending.code == CURLE_PEER_FAILED_VERIFICATION && !ending.ca.empty()) {
    text += " (certificates from " + printable(ending.ca) + ")";
  }
  return failed(FailureKind::tls, std::move(text));
}

Outcome interrupted(CURL* easy, const std::string& where, const TransferResult& ending) {
  std::string text;
  switch (ending.code) {
    case CURLE_OPERATION_TIMEDOUT:
      text = "no complete answer from " + where + within(ending.timeout_ms);
      break;
    case CURLE_GOT_NOTHING:
    case CURLE_COULDNT_CONNECT:  // a kept connection, and no second one (transfer.cc)
    case CURLE_ABORTED_BY_CALLBACK:
      text = where + " closed the connection without an answer";
      break;
    case CURLE_PARTIAL_FILE:
      text = where + " closed the connection before the end of its answer";
      break;
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
      text = "connection to " + where + " broke: " + os_reason(easy, "closed by the server");
      break;
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY: text = where + " does not answer in HTTP"; break;
    default: text = "exchange with " + where + " failed: " + curl_easy_strerror(ending.code);
  }
  return failed(FailureKind::interrupted_send, std::move(text));
}

Outcome timed_out_early(CURL* easy, const UrlParts& url, const TransferResult& ending) {
  const std::string where = url.host_port();
  if (!url.is_numeric() && !name_is_found(easy)) {
    return failed(FailureKind::name_lookup,
                  "cannot resolve " + url.host + within(ending.timeout_ms));
  }
  if (url.https && tcp_is_connected(easy)) {
    return failed(FailureKind::tls,
                  "TLS with " + where + " not established" + within(ending.timeout_ms));
  }
  return failed(FailureKind::connect, "cannot connect to " + where + within(ending.timeout_ms));
}

}  // namespace

bool sent_anything(CURL* easy) {
  long bytes = 0;
  curl_off_t uploaded = 0;
  curl_off_t pretransfer = 0;  // stays 0 while only a proxy answered
  curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &bytes);
  curl_easy_getinfo(easy, CURLINFO_SIZE_UPLOAD_T, &uploaded);
  curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &pretransfer);
  return pretransfer > 0 && (bytes > 0 || uploaded > 0);
}

std::string tls_reason(std::string_view curl_text) {
  constexpr std::string_view kNumber = "error:";
  std::string text(curl_text);
  const std::size_t number = text.find(kNumber);
  const std::size_t last = text.rfind("::");
  if (number != std::string::npos && last != std::string::npos && last > number) {
    text = text.substr(last + 2);
  }
  const std::size_t colon = text.rfind("SSL routines:");
  if (colon != std::string::npos) text = text.substr(colon + 13);
  if (text == "wrong version number" || text == "packet length too long" ||
      text == "record layer failure") {
    text += "; the port seems not to speak TLS (is it an http:// URL?)";
  }
  return text.empty() ? "handshake failed" : printable(text, 160);
}

Outcome describe_failure(CURL* easy, const UrlParts& url, const TransferResult& ending) {
  const std::string where = url.host_port();
  if (ending.too_large) {
    return failed(FailureKind::too_large, "the answer of " + where + " is larger than the limit");
  }
  if (sent_anything(easy)) return interrupted(easy, where, ending);
  if (is_tls_code(ending.code)) return tls_failure(where, ending);
  switch (ending.code) {
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
      return failed(FailureKind::bad_url, "libcurl refuses the URL for " + where);
    case CURLE_COULDNT_RESOLVE_HOST:
      return failed(FailureKind::name_lookup, "cannot resolve " + url.host);
    case CURLE_COULDNT_RESOLVE_PROXY:
      return failed(FailureKind::name_lookup, "cannot resolve the proxy");
    case CURLE_OPERATION_TIMEDOUT: return timed_out_early(easy, url, ending);
    case CURLE_COULDNT_CONNECT:
      return failed(FailureKind::connect,
                    "cannot connect to " + where + ": " + os_reason(easy, "no answer"));
    default:
      return failed(FailureKind::connect,
                    "cannot connect to " + where + ": " + curl_easy_strerror(ending.code));
  }
}

const char* failure_kind_name(FailureKind kind) {
  switch (kind) {
    case FailureKind::none: return "none";
    case FailureKind::bad_url: return "bad_url";
    case FailureKind::name_lookup: return "name_lookup";
    case FailureKind::connect: return "connect";
    case FailureKind::tls: return "tls";
    case FailureKind::interrupted_send: return "interrupted_send";
    case FailureKind::too_large: return "too_large";
  }
  return "unknown";
}

}  // namespace socbridge::http
