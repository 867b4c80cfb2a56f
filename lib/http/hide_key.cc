// SPDX-License-Identifier: Apache-2.0
#include "http/hide_key.h"

#include <utility>

#include "http/explain.h"

namespace socbridge::http {

void hide_key(Outcome& outcome, const Secret& key) {
  constexpr std::size_t kShort = std::size_t{64} << 10;
  outcome.error = redact(std::move(outcome.error), key);
  Response& response = outcome.response;
  if (is_success(outcome) && response.is_json() && response.body.size() > kShort) return;
  // A server may send a request's headers back in its error page.
  response.body = redact(std::move(response.body), key);
  for (auto& header : response.headers) header.second = redact(std::move(header.second), key);
}

}  // namespace socbridge::http
