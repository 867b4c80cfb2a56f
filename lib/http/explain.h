// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"
#include "http/client.h"
#include "json/value.h"

namespace socbridge::http {

// What the body of an error answer says.
struct ErrorBody {
  bool is_own = false;  // the product wrote it: gateways and firewalls have other forms
  std::string type;     // the product's name of the error; may be empty
  std::string message;
  std::string details;  // behind the message: "severity, date"
};

// Reads text, and JSON in the common forms. `member`: a member that every refusal of the product
// has; JSON without it is from another server. Empty: no such member is known.
ErrorBody read_common_error(const Response& response, std::string_view member = {});

// How the errors of a product differ from those of others.
struct ProductErrors {
  std::string_view name;  // "TheHive", for people
  ErrorBody (*read)(const Response&) = [](const Response& response) {
    return read_common_error(response);
  };
  // What to do about it; empty: the same as for other products.
  std::string_view (*cure)(int status, const ErrorBody& error) = nullptr;
};

bool is_success(const Outcome& outcome);  // answered with 2xx

// Status of an outcome, success for a 2xx. `what` names the request and begins the message:
//   usage        the URL cannot be used
//   unreachable  no complete answer; 407, 408, 425, 429, 5xx;
//                401, 402, 403 of a proxy or firewall
//   auth         401, 402, 403 of the product
//   refused      any other status
// The message holds the server's own words, made printable. hide_key() comes first.
Status explain(std::string_view what, const Outcome& outcome, const ProductErrors& product);

// The JSON of a 2xx answer, else the Status of the failure. A truncated JSON body is unreachable;
// any other body that is not JSON is refused: another server answered.
Result<json::Document> read_json(std::string_view what, const Outcome& outcome,
                                 const ProductErrors& product);

// One printable line of at most 300 characters: "HTTP 400 BadRequest: Invalid json". Of a page its
// title.
std::string describe_answer(const Response& response, const ErrorBody& error,
                            const ProductErrors& product);

}  // namespace socbridge::http
