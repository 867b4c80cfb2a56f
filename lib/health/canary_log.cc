// SPDX-License-Identifier: Apache-2.0
#include "health/canary_log.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "base/text.h"
#include "delivery/synthetic_alert.h"
#include "json/writer.h"

namespace socbridge::health {
namespace {

constexpr const char* kSocket = "/queue/sockets/queue";
constexpr std::size_t kMostOfLook = std::size_t{4} << 20;

std::string error_text() { return std::generic_category().message(errno); }

}  // namespace

CanaryLog::CanaryLog(Env& env, const std::string& home, const std::string& nonce,
                     const std::string& address)
    : env_(env), home_(home), marker_("\"socbridge_canary\":\"" + nonce + "\"") {
  json::Writer w;
  w.begin_object();
  w.member("socbridge_canary", nonce);
  w.member("srcip", address);
  w.end_object();
  line_ = std::move(w).take();
}

bool CanaryLog::has_rule() const {
  constexpr std::size_t kMostRules = std::size_t{1} << 20;
  const auto names = env_.list_dir(home_ + "/etc/rules");
  if (!names.ok()) return false;
  const std::string id = "\"" + std::string(delivery::kCanaryMark.rule_id) + "\"";
  return std::any_of(names->begin(), names->end(), [&](const std::string& name) {
    if (!name.ends_with(".xml")) return false;
    const auto text = env_.read_file(home_ + "/etc/rules/" + name, kMostRules);
    return text.ok() && text->find(id) != std::string::npos &&
           text->find(delivery::kCanaryMark.group) != std::string::npos;
  });
}

CanaryLog::Possible CanaryLog::possible() const {
  const auto socket = env_.stat(home_ + kSocket);
  if (!socket.ok() || !S_ISSOCK(socket->mode)) return Possible::no_socket;
  return has_rule() ? Possible::yes : Possible::no_rule;
}

Stage CanaryLog::write() {
  if (const auto file = env_.stat(alerts_file()); file.ok()) {
    inode_ = file->inode;
    read_to_ = file->size;
  }
  const std::string path = home_ + kSocket;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return Stage::broken("the path of the socket is too long: " + path, "use a shorter Wazuh home",
                         Cause::configuration);
  }
  std::memcpy(address.sun_path, path.c_str(), path.size());
  const Fd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  // "1" is the queue for logs; the location is a name that the alert shows.
  const std::string message = "1:socbridge:" + line_;
  const auto* to = reinterpret_cast<const sockaddr*>(&address);
  if (!fd.valid() || ::sendto(fd.get(), message.data(), message.size(), MSG_DONTWAIT, to,
                              sizeof address) != static_cast<ssize_t>(message.size())) {
    const bool full = errno == EAGAIN || errno == ENOBUFS;
    return Stage::broken(
        full ? "analysisd's queue is full: it does not keep up with its events"
             : "analysisd does not accept it: " + error_text(),
        "run wazuh-control status; logs/ossec.log has the reason if wazuh-analysisd ended",
        full ? Cause::slow : Cause::unreachable);
  }
  return Stage::good("given to " + path);
}

Result<std::optional<std::string>> CanaryLog::look() {
  const auto fd = env_.open_read(alerts_file());
  if (!fd.ok()) {
    if (fd.status().sys_errno() == ENOENT) return std::optional<std::string>();
    return fd.status();
  }
  const auto info = env_.fstat(fd->get());
  if (!info.ok()) return info.status();
  if (info->inode != inode_ || info->size < read_to_) {  // a new day's file
    inode_ = info->inode;
    read_to_ = 0;
    rest_.clear();
  }
  const std::uint64_t more = std::min<std::uint64_t>(info->size - read_to_, kMostOfLook);
  if (more == 0) return std::optional<std::string>();
  auto bytes = env_.read_at(fd->get(), read_to_, static_cast<std::size_t>(more));
  if (!bytes.ok()) return bytes.status();
  read_to_ += bytes->size();
  rest_ += *bytes;
  const std::size_t whole = rest_.rfind('\n') == std::string::npos ? 0 : rest_.rfind('\n') + 1;
  std::optional<std::string> found;
  for (const std::string_view line : split(std::string_view(rest_).substr(0, whole), '\n')) {
    if (!found && is_mine(line)) found = std::string(line) + "\n";
  }
  rest_.erase(0, whole);
  if (rest_.size() > kMostOfLook) rest_.clear();  // longer than any line of alerts.json
  return found;
}

bool CanaryLog::is_mine(std::string_view raw) const {
  return raw.find(marker_) != std::string_view::npos;
}

}  // namespace socbridge::health
