// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/env.h"
#include "json/value.h"
#include "reconcile/alert_files.h"
#include "reconcile/alert_source.h"
#include "reconcile/head_digest.h"
#include "reconcile/line_reader.h"
#include "wazuh/alert_container.h"

namespace socbridge::reconcile {

// Alerts from files: Wazuh's alerts.json with its archives, or the output of a search of the
// indexer. `-` is standard input. Accepted formats:
//  - JSON Lines: an alert, a search hit or a Container on each line; streamed.
//  - one JSON value over several lines, up to 64 MiB: an alert, a search hit or a Container.
// Input that may be incomplete is recorded in unread(): a search answer that may not have all hits,
// a file that ends within a line, an unreadable file of the folder. If there is only one file, and
// it has another content or is empty, next() ends with bad_input.
//
// A position is {"path","device","inode","offset","head_bytes","head"}. Its file is found by path,
// with or without .gz (a compressed day file has the same content, but another inode), or by device
// and inode (alerts.json is renamed at midnight). Both may now belong to another file (inodes are
// reused), so the digest of the first bytes must match too. Otherwise the time of the last alert
// decides: day files well before it are skipped and the rest is read again, which only costs time.
class FileSource final : public AlertSource {
 public:
  // `resume` is the position of an earlier run, or missing; `resume_ms` its time.
  static Result<FileSource> open(Env& env, const std::string& from, const Window& window,
                                 json::Value resume = {}, UnixMillis resume_ms = 0);

  Result<bool> next(SourceAlert& out) override;
  std::string position_before() const override { return position(before_); }
  std::string position_after() const override { return position(after_); }
  Unread unread() const override { return unread_; }
  Reading reading() const override;
  std::string description() const override;

 private:
  FileSource(Env& env, std::string from, std::vector<AlertFile> files)
      : env_(&env), from_(std::move(from)), files_(std::move(files)), head_(env) {}

  struct Place {
    std::size_t file = 0;
    std::uint64_t offset = 0;
  };
  bool resume_at(json::Value position);
  // Opens files_[current_]; returns false, with the reason recorded, if that fails.
  bool open_current();
  void leave_current();
  // The next alert or other line of the current file; false at its end.
  Result<bool> next_of_current(SourceAlert& out);
  Result<bool> end_of_current();
  Result<bool> first_line(LineReader::Line& line);
  bool is_torn(const LineReader::Line& line);
  void take(wazuh::Container container, const LineReader::Line& line);
  bool next_contained(SourceAlert& out);
  // Skips the current file: a Status if it is the only one, else recorded.
  Result<bool> refuse(const std::string& why, const std::string& hint = {});
  std::string name() const;
  void failed(const std::string& line);
  std::string position(const Place& place) const;

  Env* env_;
  std::string from_;
  std::vector<AlertFile> files_;
  std::size_t current_ = 0;
  std::uint64_t start_offset_ = 0;  // in the first file
  std::optional<LineReader> reader_;
  bool fresh_ = false;  // no line of this file was read yet
  struct Contained {
    std::optional<wazuh::Container> container;  // the current container
    std::size_t given = 0;                      // how many of its items were returned
    Place begin, end;
    std::string item;
  } contained_;
  std::uint64_t bytes_before_ = 0, bytes_total_ = 0;
  Place before_, after_;
  mutable HeadDigest head_;
  Unread unread_;
};

}  // namespace socbridge::reconcile
