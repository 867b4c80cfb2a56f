// SPDX-License-Identifier: Apache-2.0
#include "http/multi_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/time.h"
#include "http/curl_init.h"
#include "http/event_loop.h"
#include "http/transfer.h"

namespace socbridge::http {

// CA certificates are searched once for all requests with the same options.
struct SharedOptions {
  explicit SharedOptions(ClientOptions options) : given(std::move(options)) {}
  ClientOptions given;
  mutable Certificates certificates;
};

namespace {

struct RunningTransfer {
  RunningTransfer(MultiClient::Ticket number, Request what, MultiClient::Options how)
      : ticket(number),
        request(std::move(what)),
        options(std::move(how)),
        exchange(options->given, options->certificates) {}

  MultiClient::Ticket ticket;
  Request request;
  MultiClient::Options options;
  Transfer exchange;
  std::unique_ptr<Handle> handle;
  std::int64_t started_ms = steady_now_ms();
};

}  // namespace

struct MultiClient::Impl {
  explicit Impl(CURLM* made) : multi(made), loop(made) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  ~Impl() {
    for (auto& [easy, transfer] : running) {
      curl_multi_remove_handle(multi, easy);
      static_cast<void>(transfer->exchange.finish(CURLE_OPERATION_TIMEDOUT));
    }
    running.clear();
    idle.clear();  // the easy handles must end before the multi handle
    curl_multi_cleanup(multi);
  }

  std::unique_ptr<Handle> take_handle() {
    if (idle.empty()) return std::make_unique<Handle>();
    std::unique_ptr<Handle> handle = std::move(idle.back());
    idle.pop_back();
    return handle;
  }

  // Returns the outcome of a transfer; its handle becomes idle.
  Outcome end(std::unordered_map<CURL*, std::unique_ptr<RunningTransfer>>::iterator at,
              CURLcode code) {
    const std::unique_ptr<RunningTransfer> transfer = std::move(at->second);
    running.erase(at);
    curl_multi_remove_handle(multi, transfer->exchange.easy());
    Outcome outcome = transfer->exchange.finish(code);
    idle.push_back(std::move(transfer->handle));
    return outcome;
  }

  void gather() {
    int left = 0;
    while (CURLMsg* message = curl_multi_info_read(multi, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const auto at = running.find(message->easy_handle);
      const CURLcode code = message->data.result;
      if (at == running.end()) continue;
      const Ticket ticket = at->second->ticket;
      done.push_back({ticket, end(at, code)});
    }
  }

  CURLM* multi;
  EventLoop loop;
  std::vector<std::unique_ptr<Handle>> idle;
  std::unordered_map<CURL*, std::unique_ptr<RunningTransfer>> running;
  std::vector<Done> done;
  Ticket next = 1;
};

Result<MultiClient> MultiClient::make(std::size_t max_connections) {
  const auto out_of_memory = [] {
    return Status::error(ExitCode::failure, "libcurl cannot be initialised: out of memory");
  };
  if (!ensure_global_init()) return out_of_memory();
  CURLM* multi = curl_multi_init();
  if (multi == nullptr) return out_of_memory();
  auto impl = std::make_unique<Impl>(multi);
  if (!impl->loop.ok()) {
    return Status::error(ExitCode::failure, "no file descriptor is left",
                         "raise the limit of open files (ulimit -n, LimitNOFILE)");
  }
  const auto most = static_cast<long>(std::clamp<std::size_t>(max_connections, 1, 4096));
  curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, most);
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, most);
  return MultiClient(std::move(impl));
}

MultiClient::MultiClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
MultiClient::MultiClient(MultiClient&&) noexcept = default;
MultiClient& MultiClient::operator=(MultiClient&&) noexcept = default;
MultiClient::~MultiClient() = default;

MultiClient::Options MultiClient::share(ClientOptions options) {
  return std::make_shared<const SharedOptions>(std::move(options));
}

MultiClient::Ticket MultiClient::start(Request request, Options options) {
  const Ticket ticket = impl_->next++;
  auto transfer = std::make_unique<RunningTransfer>(ticket, std::move(request), std::move(options));
  transfer->handle = impl_->take_handle();
  Outcome outcome = transfer->exchange.prepare(*transfer->handle, transfer->request);
  if (outcome.answered() &&
      curl_multi_add_handle(impl_->multi, transfer->exchange.easy()) != CURLM_OK) {
    static_cast<void>(transfer->exchange.finish(CURLE_OUT_OF_MEMORY));
    outcome.failure = FailureKind::connect;
    outcome.error = "libcurl refuses the request: out of memory";
  }
  if (!outcome.answered()) {
    impl_->idle.push_back(std::move(transfer->handle));
    impl_->done.push_back({ticket, std::move(outcome)});
    return ticket;
  }
  CURL* easy = transfer->exchange.easy();
  impl_->running.emplace(easy, std::move(transfer));
  return ticket;
}

std::vector<MultiClient::Done> MultiClient::wait(std::int64_t timeout_ms) {
  impl_->loop.run_due();
  impl_->gather();
  impl_->loop.wait(impl_->done.empty() ? timeout_ms : 0);
  impl_->gather();
  return std::exchange(impl_->done, {});
}

Outcome MultiClient::give_up(Ticket ticket) {
  for (auto at = impl_->running.begin(); at != impl_->running.end(); ++at) {
    if (at->second->ticket != ticket) continue;
    at->second->exchange.cut_time(steady_now_ms() - at->second->started_ms);
    return impl_->end(at, CURLE_OPERATION_TIMEDOUT);
  }
  Outcome unknown;
  unknown.failure = FailureKind::connect;
  unknown.error = "the request was not in flight";
  return unknown;
}

std::size_t MultiClient::in_flight() const { return impl_->running.size() + impl_->done.size(); }

void MultiClient::wake() { impl_->loop.wake(); }

}  // namespace socbridge::http
