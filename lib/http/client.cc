// SPDX-License-Identifier: Apache-2.0
#include "http/client.h"

#include "http/transfer.h"

namespace socbridge::http {

struct Client::Impl {
  explicit Impl(ClientOptions given) : options(std::move(given)) {}

  ClientOptions options;
  Handle handle;
  Certificates certificates;
};

Client::Client(ClientOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

Outcome Client::perform(const Request& request) {
  Transfer exchange(impl_->options, impl_->certificates);
  Outcome outcome = exchange.prepare(impl_->handle, request);
  if (!outcome.answered()) return outcome;
  return exchange.finish(curl_easy_perform(exchange.easy()));
}

}  // namespace socbridge::http
