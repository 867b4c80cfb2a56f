// SPDX-License-Identifier: Apache-2.0
#include "http/stream.h"

#include <curl/curl.h>

#include <algorithm>
#include <string>

#include "base/text.h"
#include "base/time.h"
#include "http/curl_init.h"
#include "http/transfer.h"

namespace socbridge::http {
namespace {

constexpr std::size_t kMostOfRefusal = 65536;
constexpr long kReadBuffer = 262144;

}  // namespace

struct Stream::Impl {
  explicit Impl(ClientOptions given) : options(std::move(given)) {
    options.max_response_bytes = std::min(options.max_response_bytes, kMostOfRefusal);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    handle.reset();
    if (multi != nullptr) curl_multi_cleanup(multi);
  }

  bool answer_is_wanted(CURL* easy) const {
    long status = 0;
    const char* type = nullptr;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &type);
    const std::string_view given = type == nullptr ? std::string_view() : type;
    return status == 200 && iequals(trim(given.substr(0, given.find(';'))), wanted_type);
  }

  // The headers are complete; the body of a refusal is collected.
  void open(CURL* easy) {
    if (opened || refused) return;
    opened = answer_is_wanted(easy);
    refused = !opened;
    if (opened) handler->opened();
  }

  std::size_t take(std::string_view bytes) {
    open(exchange->easy());
    if (!refused) last_ms = steady_now_ms();
    if (refused) return exchange->take_body(bytes) ? bytes.size() : 0;
    if (!handler->bytes(bytes)) {
      stopped = true;
      return 0;
    }
    return bytes.size();
  }

  void begin(Transfer& transfer, std::string_view content_type, const StreamHandler& given) {
    CURL* easy = transfer.easy();
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 0L);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, kReadBuffer);
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Impl::on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
    wanted_type = content_type;
    handler = &given;
    exchange = &transfer;
    opened = refused = stopped = false;
    last_ms = steady_now_ms();
    curl_multi_add_handle(multi, easy);
  }

  StreamEnd::Why why(CURLcode code, bool silent, bool answered) const {
    using Why = StreamEnd::Why;
    if (stopped) return Why::stopped;
    if (silent) return Why::silent;
    if (refused) return answered ? Why::refused : Why::broken;
    return code == CURLE_OK && answered ? Why::finished : Why::broken;
  }

  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self) {
    return static_cast<Impl*>(self)->take({data, size * count});
  }

  ClientOptions options;
  Certificates certificates;
  std::unique_ptr<Handle> handle = std::make_unique<Handle>();
  CURLM* multi = nullptr;

  // Members of the current response.
  std::string wanted_type;
  const StreamHandler* handler = nullptr;
  Transfer* exchange = nullptr;
  bool opened = false, refused = false, stopped = false;
  std::int64_t last_ms = 0;
};

Stream::Stream(ClientOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Stream::Stream(Stream&&) noexcept = default;
Stream& Stream::operator=(Stream&&) noexcept = default;
Stream::~Stream() = default;

StreamEnd Stream::run(const Request& given, std::string_view content_type,
                      const StreamOptions& options, const StreamHandler& handler) {
  Impl& impl = *impl_;
  StreamEnd end;
  Request request = given;
  request.timeout_ms = options.answer_ms;
  Transfer exchange(impl.options, impl.certificates);
  end.outcome = exchange.prepare(*impl.handle, request);
  if (!end.outcome.answered()) return end;
  if (impl.multi == nullptr) impl.multi = curl_multi_init();
  if (impl.multi == nullptr) {
    end.outcome.failure = FailureKind::connect;
    end.outcome.error = "libcurl cannot be initialised: out of memory";
    return end;
  }
  CURL* easy = exchange.easy();
  impl.begin(exchange, content_type, handler);

  bool silent = false, done = false;
  CURLcode code = CURLE_OK;
  while (!done) {
    int running = 0;
    curl_multi_perform(impl.multi, &running);
    while (CURLMsg* message = curl_multi_info_read(impl.multi, &running)) {
      if (message->msg != CURLMSG_DONE) continue;
      code = message->data.result;
      done = true;
    }
    if (done) break;
    // Headers alone also open the stream: its first event may come much later.
    if (!impl.opened && !impl.refused && exchange.headers_complete()) {
      impl.last_ms = steady_now_ms();
      impl.open(easy);
    }
    const std::int64_t most = impl.opened ? options.idle_ms : options.answer_ms;
    const std::int64_t left = impl.last_ms + most - steady_now_ms();
    silent = left <= 0;
    if (silent) break;
    impl.stopped = impl.stopped || !handler.tick();
    if (impl.stopped) break;
    curl_waitfd extra{options.stop_fd, CURL_WAIT_POLLIN, 0};
    curl_multi_poll(impl.multi, &extra, options.stop_fd >= 0 ? 1 : 0,
                    static_cast<int>(std::clamp<std::int64_t>(options.tick_ms, 1, left)), nullptr);
    impl.stopped = options.stop_fd >= 0 && (extra.revents & CURL_WAIT_POLLIN) != 0;
    if (impl.stopped) break;
  }
  curl_multi_remove_handle(impl.multi, easy);
  if (!done) code = silent ? CURLE_OPERATION_TIMEDOUT : CURLE_ABORTED_BY_CALLBACK;
  exchange.cut_time(impl.opened ? options.idle_ms : options.answer_ms);
  // A response without a body was not checked yet.
  if (done && code == CURLE_OK) impl.open(easy);
  end.outcome = exchange.finish(code);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, nullptr);
  end.why = impl.why(code, silent, end.outcome.answered());
  return end;
}

}  // namespace socbridge::http
