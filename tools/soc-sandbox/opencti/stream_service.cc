// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/opencti/stream_service.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "base/time.h"
#include "json/writer.h"
#include "soc-sandbox/server/http_server.h"

namespace socbridge::sandbox::opencti {
namespace {

constexpr std::size_t kBatchBytes = 262144;
constexpr std::int64_t kPollMs = 20;
constexpr char kBearer[] = "Bearer ";

Response empty(int status) {
  Response response;
  response.status = status;
  response.content_type.clear();
  return response;
}

std::string_view header(const Request& request, std::string_view name) {
  for (const auto& [key, value] : request.headers) {
    if (key == name) return value;
  }
  return {};
}

// From the query string, else from one of the headers.
std::string option(const Request& request, std::string_view name,
                   std::initializer_list<const char*> headers) {
  for (const std::string_view one : split(request.query, '&')) {
    if (one.size() > name.size() && one.starts_with(name) && one[name.size()] == '=') {
      return percent_decode(one.substr(name.size() + 1));
    }
  }
  for (const char* other : headers) {
    const std::string_view value = header(request, other);
    if (!value.empty()) return std::string(value);
  }
  return {};
}

// `0`, an id or an ISO date. Any other text, including a bare number of milliseconds, means now.
EventId read_start(std::string_view text) {
  if (text == "0") return {};
  if (const auto id = EventId::parse(text)) return *id;
  const bool dated = text.size() > 10 && text[4] == '-';
  const auto time = dated ? parse_timestamp(text) : std::nullopt;
  return {static_cast<std::uint64_t>(time ? *time : wall_now_ms()), 0};
}

std::string iso(std::uint64_t ms) { return format_utc(static_cast<UnixMillis>(ms)); }

}  // namespace

struct StreamService::Call {
  Listener listener;
  std::optional<std::uint64_t> recover_from, recover_until;
  std::uint64_t budget = 0;  // events until the connection ends; 0: no end
  bool cut = false;          // the connection is reset
  std::string connection;
  std::shared_ptr<std::atomic<std::uint64_t>> delay;
};

Result<std::unique_ptr<StreamService>> StreamService::make(json::Value settings, std::string key,
                                                           StreamRights rights) {
  const auto maker = EventMaker::read(settings["make"], static_cast<std::uint64_t>(wall_now_ms()));
  if (!maker.ok()) return maker.status();
  std::unique_ptr<StreamService> service(new StreamService(*maker, std::move(key), rights));
  const Status read = service->read_settings(settings);
  if (!read.ok()) return read;
  return service;
}

Status StreamService::read_settings(json::Value settings) {
  const std::lock_guard lock(mutex_);
  if (const auto id = settings["id"].string()) id_ = *id;
  if (const auto keep = settings["keep"].integer()) {
    history_.keep(static_cast<std::uint64_t>(std::max<std::int64_t>(*keep, 1)));
  }
  if (const auto ms = settings["heartbeat_ms"].integer()) {
    heartbeat_ms_ = static_cast<std::uint64_t>(std::max<std::int64_t>(*ms, 1));
  }
  if (const auto events = settings["cut_every"].integer()) {
    cut_every_ = static_cast<std::uint64_t>(std::max<std::int64_t>(*events, 0));
  }
  stopped_ = settings["stopped"].boolean().value_or(stopped_);
  silent_ = settings["silent"].boolean().value_or(silent_);
  const json::Value events = settings["events"];
  for (std::size_t i = 0; i < events.size(); ++i) {
    const auto published = history_.publish(events.at(i));
    if (!published.ok()) return published.status();
  }
  return {};
}

bool StreamService::key_fits(const Request& request) const {
  const std::string_view given = request.authorization;
  if (!given.starts_with(kBearer)) return false;
  const std::string_view key = given.substr(sizeof kBearer - 1);
  return key_.empty() ? !key.empty() : key == key_;
}

std::optional<Response> StreamService::handle(const Request& request) {
  const auto& at = request.segments;
  if (at.empty()) return std::nullopt;
  if (at[0] == "sandbox" && at.size() == 2 && at[1] == "stream") {
    if (!key_fits(request)) return empty(401);
    return publish(request);
  }
  if (at[0] != "stream") return std::nullopt;
  if (request.method == "GET" && at.size() <= 2) return open(request);
  if (request.method == "POST" && at.size() == 3 && at[1] == "connection") {
    return set_delay(request);
  }
  return std::nullopt;
}

Response StreamService::publish(const Request& request) {
  const auto body = json::Document::parse(request.body);
  if (request.method != "POST" || !body.ok() || !body->root().is_object()) {
    return json_response(400, R"({"status":"error","error":"POST a JSON object"})");
  }
  const Status read = read_settings(body->root());
  if (!read.ok()) {
    return json_response(400, R"({"status":"error","error":)" + json::quote(read.message()) + "}");
  }
  return json_response(200, R"({"last":")" + history_.last().text() + R"(","connections":)" +
                                std::to_string(connections_) + "}");
}

Response StreamService::set_delay(const Request& request) {
  const auto body = json::Document::parse(request.body);
  const std::lock_guard lock(mutex_);
  const auto found = delays_.find(request.segments[2]);
  if (!key_fits(request) || found == delays_.end()) {
    return json_response(401, R"({"status":"error","error":"This is not your connection"})");
  }
  const auto delay = body.ok() ? body->root()["delay"].integer() : std::nullopt;
  *found->second = static_cast<std::uint64_t>(std::max<std::int64_t>(delay.value_or(0), 0));
  return json_response(200, R"({"message":"ok"})");
}

Response StreamService::open(const Request& request) {
  const std::string which = request.segments.size() == 2 ? request.segments[1] : "live";
  {
    const std::lock_guard lock(mutex_);
    const std::string_view given = request.authorization;
    const bool made =
        given.starts_with(kBearer) && gate_ && gate_(given.substr(sizeof kBearer - 1), which);
    const bool live = which == "live" && rights_.administrator;
    const bool own = key_fits(request) && (live || (which == id_ && rights_.shared));
    if (!own && !made) return empty(401);
  }
  if (stopped_) return empty(410);
  Call call;
  const std::string from = option(request, "from", {"from", "last-event-id"});
  const std::string recover = option(request, "recover", {"recover", "recover-date"});
  if (!recover.empty() && from.empty()) {
    return json_response(500, R"({"status":"error","error":"Error in stream"})");
  }
  const EventId start = from.empty() ? history_.last() : read_start(from);
  call.listener.after = start;
  if (!recover.empty()) {
    call.recover_from = start.ms;
    call.recover_until = read_start(recover).ms;
    call.listener.after = {*call.recover_until, 0};
  }
  call.listener.deletions = option(request, "listen-delete", {"listen-delete"}) != "false";
  const std::uint64_t number = ++connections_;
  call.connection = fmt::format("0d6a7f42-8b1e-4d35-9c2a-{:012x}", number);
  call.delay = std::make_shared<std::atomic<std::uint64_t>>(
      parse_u64(option(request, "delay", {"event-delay"})).value_or(0));
  if (cut_every_ > 0) {
    // A quarter to seven quarters of it, always the same for the n-th connection.
    constexpr std::uint64_t kSpread = 2654435761;
    call.budget =
        std::max<std::uint64_t>(1, cut_every_ / 4 + number * kSpread % (cut_every_ * 3 / 2 + 1));
    call.cut = number % 3 != 0;
  }
  {
    const std::lock_guard lock(mutex_);
    delays_[call.connection] = call.delay;
  }
  Response response;
  response.content_type = "text/event-stream; charset=utf-8";
  response.headers = {{"Cache-Control", "no-cache, no-transform"}};
  response.stream = [this, call](Sender& out) { serve(call, out); };
  return response;
}

std::string StreamService::connected_frame(const std::string& connection) const {
  const EventId first = history_.first(), last = history_.last();
  json::Writer w;
  w.begin_object();
  w.member("lastEventId", last.text());
  w.member("firstEventId", first.text());
  w.member("firstEventDate", iso(first.ms));
  w.member("lastEventDate", iso(last.ms));
  w.member("streamSize", history_.size());
  w.member("connectionId", connection);
  w.end_object();
  return "event: connected\ndata: " + std::move(w).take() + "\n\n";
}

// False: the connection has ended.
bool StreamService::send_history(Call& call, Sender& out) {
  std::string frames;
  if (call.recover_until) {
    std::uint64_t skip = 0;
    bool more = true;
    while (more) {
      frames.clear();
      more = history_.recover(*call.recover_from, *call.recover_until, skip, kBatchBytes, frames);
      if (!out.send(frames)) return false;
    }
    call.recover_until.reset();
  }
  while (true) {
    frames.clear();
    const std::uint64_t delay = *call.delay;
    const std::uint64_t most = call.budget > 0 ? call.budget : ~std::uint64_t{0};
    const std::uint64_t taken =
        history_.take(call.listener, delay > 0 ? 1 : kBatchBytes, most, frames);
    if (taken == 0) return true;
    if (call.budget > 0) call.budget -= taken;
    const bool over = call.budget == 0 && most != ~std::uint64_t{0};
    if (over && call.cut) {
      out.send(std::string_view(frames).substr(0, frames.size() - frames.size() / taken / 2));
      out.cut();
      return false;
    }
    if (!out.send(frames) || over) return false;
    if (delay > 0 && !out.pause_ms(static_cast<std::int64_t>(delay))) return false;
  }
}

void StreamService::serve(Call call, Sender& out) {
  bool usable = out.send(connected_frame(call.connection));
  std::int64_t beat = steady_now_ms() + static_cast<std::int64_t>(heartbeat_ms_.load());
  EventId handled;
  while (usable && !stopped_) {
    usable = send_history(call, out);
    if (usable && !silent_ && steady_now_ms() >= beat) {
      beat = steady_now_ms() + static_cast<std::int64_t>(heartbeat_ms_.load());
      // The last event if there was one since the last heartbeat, else the server's clock.
      const bool idle = handled == call.listener.after;
      handled = call.listener.after;
      const EventId id = idle ? EventId{static_cast<std::uint64_t>(wall_now_ms()), 0} : handled;
      usable = out.send(
          fmt::format("id: {}\nevent: heartbeat\ndata: \"{}\"\n\n", id.text(), iso(id.ms)));
    }
    if (usable) usable = out.pause_ms(kPollMs);
  }
  const std::lock_guard lock(mutex_);
  delays_.erase(call.connection);
}

}  // namespace socbridge::sandbox::opencti
