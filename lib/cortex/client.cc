// SPDX-License-Identifier: Apache-2.0
#include "cortex/client.h"

#include <algorithm>

#include "base/clock.h"
#include "base/text.h"
#include "cortex/answer.h"
#include "http/hide_key.h"
#include "json/writer.h"

namespace socbridge::cortex {
namespace {

constexpr std::int64_t kWaitSlackMs = 10000;  // above `atMost`, for the answer to arrive

http::Request request(const Endpoint& endpoint, std::string method, std::string_view path,
                      std::int64_t timeout_ms) {
  http::Request r;
  r.method = std::move(method);
  r.url = http::join_url(endpoint.url, path);
  r.headers.emplace_back("Accept", "application/json");
  r.bearer = endpoint.key;
  r.timeout_ms = timeout_ms;
  return r;
}

// A 2xx is data, and in no message.
http::Outcome without_key(http::Outcome outcome, const Secret& key) {
  if (!http::is_success(outcome)) http::hide_key(outcome, key);
  return outcome;
}

Result<json::Document> read_json(std::string_view what, const http::Outcome& outcome) {
  return http::read_json(what, outcome, kErrors);
}

std::string question_json(const Question& q, bool file) {
  json::Writer w;
  w.begin_object();
  if (!file) w.member("data", q.value);
  w.member("dataType", q.type);
  w.member("tlp", q.tlp);
  w.member("pap", q.pap);
  w.member("message", q.message);
  w.key("parameters");
  w.raw("{}");
  if (!q.label.empty()) w.member("label", q.label);
  if (q.force) w.member("force", true);
  w.end_object();
  return std::move(w).take();
}

std::string file_name(const std::string& path) {
  return path.substr(path.find_last_of('/') + 1);  // npos + 1 is 0
}

std::string job_path(std::string_view id, std::string_view tail = {}) {
  return "/api/job/" + http::url_encode(id) + std::string(tail);
}

Result<Job> one_job(std::string_view what, const http::Outcome& outcome) {
  const auto document = read_json(what, outcome);
  if (!document.ok()) return document.status();
  Job job = read_job(document->root());
  if (!job.id.empty()) return job;
  return Status::error(ExitCode::refused, std::string(what) + ": the answer is not a job",
                       "check that the URL is Cortex's own");
}

std::string about_job(std::string_view verb, std::string_view id) {
  return std::string(verb) + " job " + printable(id, 60);
}

}  // namespace

http::Request run_request(const Endpoint& endpoint, std::string_view analyzer_id, const Question& q,
                          std::int64_t timeout_ms) {
  const std::string path = "/api/analyzer/" + http::url_encode(analyzer_id) + "/run";
  http::Request r = request(endpoint, "POST", path, timeout_ms);
  if (q.type == "file") {
    if (q.force) r.url += "?force=1";
    r.form = {{"_json", question_json(q, true), {}, {}, {}},
              {"attachment", {}, q.value, file_name(q.value), "application/octet-stream"}};
  } else {
    r.body = question_json(q, false);
    r.content_type = "application/json";
  }
  return r;
}

Started read_started(const Endpoint& endpoint, http::Outcome outcome) {
  outcome = without_key(std::move(outcome), endpoint.key);
  const http::Response& response = outcome.response;
  Started out;
  out.ambiguous = outcome.ambiguous();
  const int status = response.status;
  if (http::is_success(outcome)) {
    auto job = one_job("starting a job", outcome);
    if (job.ok()) {
      out.verdict = Started::Verdict::started;
      out.job = std::move(*job);
      return out;
    }
    out.ambiguous = true;  // a proxy's page with 200 does not show that a job exists
    out.status = job.status();
    return out;
  }
  out.status = http::explain("starting a job", outcome, kErrors);
  if (!outcome.answered()) {
    if (outcome.failure == http::FailureKind::bad_url) out.verdict = Started::Verdict::refused;
    return out;
  }
  if (status == 429) {
    out.verdict = Started::Verdict::rate_limit;
    out.rate_unit = limit_unit(read_error(response));
  } else if (out.status.code() == ExitCode::auth) {
    out.verdict = Started::Verdict::auth;
  } else if (out.status.code() == ExitCode::refused || out.status.code() == ExitCode::usage) {
    out.verdict = Started::Verdict::refused;
  } else {
    // A gateway timed out; Cortex may still process the request.
    out.ambiguous = status == 502 || status == 504 || status == 500;
  }
  return out;
}

http::Request wait_request(const Endpoint& endpoint, std::string_view job_id,
                           std::int64_t at_most_ms) {
  const std::string tail =
      "/waitreport?atMost=" + std::to_string(std::max<std::int64_t>(1, at_most_ms)) +
      "milliseconds";
  return request(endpoint, "GET", job_path(job_id, tail), at_most_ms + kWaitSlackMs);
}

Result<Job> read_waited(const Endpoint& endpoint, http::Outcome outcome, std::string_view id) {
  outcome = without_key(std::move(outcome), endpoint.key);
  // Cortex 3 answers this when the time is over.
  if (outcome.answered() && outcome.response.status == 500 &&
      read_error(outcome.response).type.find("AskTimeoutException") != std::string::npos) {
    Job running;
    running.id = id;
    running.status = JobStatus::in_progress;
    return running;
  }
  return one_job(about_job("waiting for", id), outcome);
}

http::Outcome Client::get(std::string_view path, const Deadline& deadline) {
  return without_key(http_->perform(request(endpoint_, "GET", path, deadline.left_ms())),
                     endpoint_.key);
}

http::Outcome Client::post(std::string_view path, std::string body, const Deadline& deadline) {
  http::Request r = request(endpoint_, "POST", path, deadline.left_ms());
  r.body = std::move(body);
  r.content_type = "application/json";
  return without_key(http_->perform(r), endpoint_.key);
}

Result<std::string> Client::version(const Deadline& deadline) {
  http::Request r = request(endpoint_, "GET", "/api/status", deadline.left_ms());
  r.bearer = Secret();
  const http::Outcome outcome = without_key(http_->perform(r), endpoint_.key);
  const std::string what = "asking " + printable(endpoint_.url) + " for its version";
  const auto document = read_json(what, outcome);
  if (!document.ok()) return document.status();
  const auto version = document->root()["versions"]["Cortex"].string();
  if (version) return printable(*version, 40);
  return Status::error(ExitCode::refused, printable(endpoint_.url) + " does not look like Cortex",
                       "check the URL and its path prefix");
}

bool Client::User::has(std::string_view role) const {
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}

Result<Client::User> Client::user(const Deadline& deadline) {
  const auto document =
      read_json("reading the key's user from Cortex", get("/api/user/current", deadline));
  if (!document.ok()) return document.status();
  const json::Value root = document->root();
  User user;
  user.id = root["id"].text();
  user.organisation = root["organization"].text();
  user.status = root["status"].text();
  for (std::size_t i = 0; i < root["roles"].size(); ++i)
    user.roles.emplace_back(root["roles"].at(i).string_or_empty());
  user.json = root.dump();
  return user;
}

Result<std::vector<Analyzer>> Client::analyzers(const Deadline& deadline) {
  const auto document =
      read_json("listing the analyzers", get("/api/analyzer?range=all", deadline));
  if (!document.ok()) return document.status();
  // Any other answer would look like an empty list.
  if (!document->root().is_array())
    return Status::error(ExitCode::refused, "listing the analyzers: the answer is not a list");
  return read_analyzers(document->root());
}

Result<std::vector<Analyzer>> Client::analyzers_for(std::string_view type,
                                                    const Deadline& deadline) {
  const auto document = read_json("listing the analyzers for " + printable(type, 40),
                                  get("/api/analyzer/type/" + http::url_encode(type), deadline));
  if (!document.ok()) return document.status();
  return read_analyzers(document->root());
}

Started Client::run(std::string_view analyzer_id, const Question& question,
                    const Deadline& deadline) {
  return read_started(
      endpoint_, http_->perform(run_request(endpoint_, analyzer_id, question, deadline.left_ms())));
}

Result<Job> Client::job(std::string_view id, const Deadline& deadline) {
  return one_job(about_job("reading", id), get(job_path(id), deadline));
}

Result<Job> Client::report(std::string_view id, const Deadline& deadline) {
  return one_job(about_job("reading the report of", id), get(job_path(id, "/report"), deadline));
}

Result<Job> Client::wait(std::string_view id, const Deadline& deadline) {
  constexpr std::int64_t kLongest = 60000, kPauseMs = 1000;
  for (;;) {
    const std::int64_t left = deadline.left_ms();
    const std::int64_t at_most = std::min(left, kLongest);
    const std::int64_t began = steady_now_ms();
    auto job = read_waited(endpoint_, http_->perform(wait_request(endpoint_, id, at_most)), id);
    if (!job.ok() || is_over(job->status)) return job;
    if (deadline.passed()) return job;
    // Prevents a busy loop if the server answers at once although no job is finished.
    const std::int64_t took = steady_now_ms() - began;
    if (took < std::min(at_most, kPauseMs)) {
      sleep_ms(std::min(kPauseMs, deadline.left_ms()));
    }
  }
}

Result<std::vector<JobStatus>> Client::states(const std::vector<std::string>& ids,
                                              const Deadline& deadline) {
  json::Writer w;
  w.begin_object();
  w.key("jobIds");
  w.begin_array();
  for (const std::string& id : ids) w.value(id);
  w.end_array();
  w.end_object();
  const auto document = read_json("asking for the states of jobs",
                                  post("/api/job/status", std::move(w).take(), deadline));
  if (!document.ok()) return document.status();
  std::vector<JobStatus> out;
  for (const std::string& id : ids)
    out.push_back(read_job_status(document->root()[id].string_or_empty()));
  return out;
}

Status Client::remove(std::string_view id, const Deadline& deadline) {
  const http::Outcome outcome =
      without_key(http_->perform(request(endpoint_, "DELETE", job_path(id), deadline.left_ms())),
                  endpoint_.key);
  return http::explain(about_job("deleting", id), outcome, kErrors);
}

Result<Client::Page> Client::search(std::string_view query_json, std::size_t limit,
                                    const Deadline& deadline) {
  const std::string body = R"({"query":)" + std::string(query_json) + R"(,"range":"0-)" +
                           std::to_string(limit) + R"(","sort":["-createdAt"]})";
  // Play reads the range from the body or the query string, older versions from the query string
  // only.
  const http::Outcome outcome = post(
      "/api/job/_search?range=0-" + std::to_string(limit) + "&sort=-createdAt", body, deadline);
  const auto document = read_json("searching for jobs", outcome);
  if (!document.ok()) return document.status();
  Page page;
  const json::Value root = document->root();
  if (!root.is_array())
    return Status::error(ExitCode::refused, "searching for jobs: the answer is not a list");
  for (std::size_t i = 0; i < root.size(); ++i) page.jobs.push_back(read_job(root.at(i)));
  page.total = page.jobs.size();
  for (const auto& [name, value] : outcome.response.headers) {
    if (name == "x-total") page.total = parse_u64(trim(value)).value_or(page.total);
  }
  return page;
}

Result<std::vector<Artifact>> Client::artifacts(std::string_view id, const Deadline& deadline) {
  const auto document = read_json(about_job("reading the artifacts of", id),
                                  get(job_path(id, "/artifacts?range=all"), deadline));
  if (!document.ok()) return document.status();
  std::vector<Artifact> out;
  for (std::size_t i = 0; i < document->root().size(); ++i) {
    const json::Value a = document->root().at(i);
    out.push_back({a["dataType"].text(), a["data"].text()});
  }
  return out;
}

std::string query_by_labels(const std::vector<std::string>& labels) {
  json::Writer w;
  w.begin_object();
  w.key("_in");
  w.begin_object();
  w.member("_field", "label");
  w.key("_values");
  w.begin_array();
  for (const std::string& label : labels) w.value(label);
  w.end_array();
  w.end_object();
  w.end_object();
  return std::move(w).take();
}

}  // namespace socbridge::cortex
