// SPDX-License-Identifier: Apache-2.0
#include "mapping/describe/family_table.h"

#include <array>

namespace socbridge::mapping {
namespace {

constexpr std::array kVulnerability = {
    FamilyField{"Vulnerability", "data.vulnerability.cve vulnerability.id"},
    FamilyField{"Severity", "data.vulnerability.severity vulnerability.severity"},
    FamilyField{"Score",
                "data.vulnerability.score.base data.vulnerability.cvss.cvss3.base_score "
                "data.vulnerability.cvss.cvss2.base_score vulnerability.score.base"},
    FamilyField{"Package", "data.vulnerability.package.name package.name"},
    FamilyField{"Version", "data.vulnerability.package.version package.version"},
    FamilyField{"Fixed when", "data.vulnerability.package.condition"},
    FamilyField{"Status", "data.vulnerability.status"},
    FamilyField{"Title", "data.vulnerability.title"},
    FamilyField{"Published", "data.vulnerability.published"},
    FamilyField{"Reference", "data.vulnerability.reference data.vulnerability.references"},
};

constexpr std::array kFile = {
    FamilyField{"File", "syscheck.path"},
    FamilyField{"What happened", "syscheck.event"},
    FamilyField{"Changed", "syscheck.changed_attributes"},
    FamilyField{"Value", "syscheck.value_name"},
    FamilyField{"By user", "syscheck.audit.user.name syscheck.audit.login_user.name"},
    FamilyField{"By process", "syscheck.audit.process.name"},
    FamilyField{"Owner", "syscheck.uname_after"},
    FamilyField{"Permissions", "syscheck.perm_after syscheck.win_perm_after"},
    FamilyField{"Size", "syscheck.size_after"},
    FamilyField{"Size before", "syscheck.size_before"},
    FamilyField{"SHA-256", "syscheck.sha256_after"},
    FamilyField{"SHA-256 before", "syscheck.sha256_before"},
    FamilyField{"Modified", "syscheck.mtime_after"},
};

constexpr std::array kLogon = {
    FamilyField{"Account", "@targetUserName data.dstuser data.user"},
    FamilyField{"Domain", "@targetDomainName"},
    FamilyField{"From address", "@ipAddress @clientAddress data.srcip"},
    FamilyField{"From host", "@workstationName @workstation"},
    FamilyField{"Port", "@ipPort"},
    FamilyField{"Logon type", "@logonType"},
    FamilyField{"By account", "@subjectUserName"},
    FamilyField{"Process", "@processName"},
    FamilyField{"Method", "@authenticationPackageName"},
    FamilyField{"Status", "@status"},
    FamilyField{"Sub status", "@subStatus"},
    FamilyField{"Failure reason", "@failureReason"},
    FamilyField{"Event", "data.win.system.eventID"},
    FamilyField{"Computer", "data.win.system.computer"},
};

constexpr std::array kWindowsProcess = {
    FamilyField{"Process", "@image @newProcessName @sourceImage @process"},
    FamilyField{"Command line", "@commandLine @scriptBlockText @imagePath"},
    FamilyField{"User", "@user @subjectUserName @sourceUser"},
    FamilyField{"Parent", "@parentImage @parentProcessName"},
    FamilyField{"Parent command line", "@parentCommandLine"},
    FamilyField{"Directory", "@currentDirectory"},
    FamilyField{"Target", "@targetImage @targetFilename @targetObject @imageLoaded"},
    FamilyField{"Details", "@details"},
    FamilyField{"Service", "@serviceName"},
    FamilyField{"Task", "@taskName"},
    FamilyField{"Query", "@queryName"},
    FamilyField{"Answer", "@queryResults"},
    FamilyField{"From", "@sourceIp"},
    FamilyField{"To", "@destinationIp"},
    FamilyField{"To host", "@destinationHostname"},
    FamilyField{"To port", "@destinationPort"},
    FamilyField{"Hashes", "@hashes"},
    FamilyField{"Event", "data.win.system.eventID"},
    FamilyField{"Computer", "data.win.system.computer"},
};

constexpr std::array kWindows = {
    FamilyField{"Event", "data.win.system.eventID"},
    FamilyField{"Channel", "data.win.system.channel"},
    FamilyField{"Provider", "data.win.system.providerName"},
    FamilyField{"Computer", "data.win.system.computer"},
    FamilyField{"Account", "@targetUserName data.win.logFileCleared.subjectUserName"},
    FamilyField{"Group", "@targetGroupName"},
    FamilyField{"By account", "@subjectUserName"},
    FamilyField{"Object", "@objectName"},
};

constexpr std::array kAudit = {
    FamilyField{"Program", "data.audit.exe"},
    FamilyField{"Command", "data.audit.command"},
    FamilyField{"Arguments", "data.audit.execve.a0 data.audit.execve.a1"},
    FamilyField{"Directory", "data.audit.cwd"},
    FamilyField{"File", "data.audit.file.name data.audit.directory.name"},
    FamilyField{"Login user", "data.audit.auid"},
    FamilyField{"User", "data.audit.euid data.audit.uid"},
    FamilyField{"Key", "data.audit.key"},
    FamilyField{"Success", "data.audit.success"},
};

constexpr std::array kIds = {
    FamilyField{"Signature", "data.alert.signature data.msg data.note"},
    FamilyField{"Category", "data.alert.category data.class"},
    FamilyField{"Severity", "data.alert.severity data.priority"},
    FamilyField{"Action", "data.alert.action data.action"},
    FamilyField{"From", "data.src_ip data.srcip data.src_addr data.id.orig_h"},
    FamilyField{"From port", "data.src_port data.srcport data.id.orig_p"},
    FamilyField{"To", "data.dest_ip data.dstip data.dst_addr data.id.resp_h"},
    FamilyField{"To port", "data.dest_port data.dstport data.dst_port data.id.resp_p"},
    FamilyField{"Protocol", "data.proto"},
    FamilyField{"Application", "data.app_proto"},
    FamilyField{"Host", "data.http.hostname data.tls.sni data.dns.rrname data.dns.query.rrname"},
    FamilyField{"URL", "data.http.url"},
    FamilyField{"User agent", "data.http.http_user_agent"},
    FamilyField{"Sensor interface", "data.in_iface"},
};

constexpr std::array kAws = {
    FamilyField{"Event", "data.aws.eventName data.aws.type data.aws.title data.aws.detail-type"},
    FamilyField{"Service", "data.aws.eventSource data.aws.source data.aws.service.serviceName"},
    FamilyField{"Title", "data.aws.title"},
    FamilyField{"Severity", "data.aws.severity"},
    FamilyField{"Account",
                "data.aws.recipientAccountId data.aws.accountId data.aws.aws_account_id"},
    FamilyField{"Region", "data.aws.awsRegion data.aws.region"},
    FamilyField{"By",
                "data.aws.userIdentity.arn data.aws.userIdentity.userName data.aws.requester"},
    FamilyField{"From",
                "data.aws.sourceIPAddress data.aws.source_ip_address data.aws.srcaddr "
                "data.aws.httpRequest.clientIp data.aws.remote_ip data.aws.client_ip"},
    FamilyField{"User agent", "data.aws.userAgent data.aws.user_agent"},
    FamilyField{"Error", "data.aws.errorCode data.aws.errorMessage"},
    FamilyField{"Resource",
                "data.aws.resource.instanceDetails.instanceId data.aws.bucket "
                "data.aws.requestParameters.bucketName"},
    FamilyField{"Action", "data.aws.action"},
};

constexpr std::array kMicrosoft = {
    FamilyField{"Operation",
                "data.office365.Operation data.ms-graph.title data.azure-ad.operationName "
                "data.operationName"},
    FamilyField{"Service", "data.office365.Workload data.ms-graph.serviceSource data.category"},
    FamilyField{"Result", "data.office365.ResultStatus data.azure-ad.resultType data.resultType"},
    FamilyField{"By",
                "data.office365.UserId data.azure-ad.properties.userPrincipalName "
                "data.properties.userPrincipalName"},
    FamilyField{"From",
                "data.office365.ClientIP data.office365.ClientIPAddress "
                "data.office365.ActorIpAddress data.callerIpAddress "
                "data.properties.ipAddress"},
    FamilyField{"Object", "data.office365.ObjectId"},
    FamilyField{"Severity", "data.ms-graph.severity"},
    FamilyField{"Status", "data.ms-graph.status"},
    FamilyField{"Category", "data.ms-graph.category"},
};

constexpr std::array kCloud = {
    FamilyField{"Action",
                "data.gcp.protoPayload.methodName data.github.action data.objectRef.resource "
                "data.action data.event"},
    FamilyField{"Service", "data.gcp.protoPayload.serviceName"},
    FamilyField{"By",
                "data.gcp.protoPayload.authenticationInfo.principalEmail data.github.actor "
                "data.user.username data.actor.alternateId"},
    FamilyField{"From",
                "data.gcp.protoPayload.requestMetadata.callerIp data.github.actor_ip "
                "data.gcp.jsonPayload.sourceIP data.sourceIPs"},
    FamilyField{"Resource",
                "data.gcp.protoPayload.resourceName data.github.repo data.objectRef.name"},
    FamilyField{"Organisation", "data.github.org data.gcp.resource.labels.project_id"},
    FamilyField{"Verb", "data.verb"},
    FamilyField{"Namespace", "data.objectRef.namespace"},
    FamilyField{"Severity", "data.gcp.severity"},
};

constexpr std::array kIntelligence = {
    FamilyField{"File", "data.virustotal.source.file data.yara.file_path data.file"},
    FamilyField{"Rule", "data.yara.rule data.YARA.rule"},
    FamilyField{"Found by", "data.virustotal.positives"},
    FamilyField{"Of", "data.virustotal.total"},
    FamilyField{"Malicious", "data.virustotal.malicious"},
    FamilyField{"SHA-1", "data.virustotal.sha1 data.virustotal.source.sha1"},
    FamilyField{"MD5", "data.virustotal.source.md5"},
    FamilyField{"Report", "data.virustotal.permalink"},
    FamilyField{"Indicator",
                "data.misp.value data.opencti.indicator.name data.opencti.observable_value"},
    FamilyField{"Type", "data.misp.type"},
    FamilyField{"Category", "data.misp.category"},
    FamilyField{"Event", "data.misp.event_id"},
};

constexpr std::array kWeb = {
    FamilyField{"Request", "data.request"},
    FamilyField{"Method", "data.method data.protocol data.request.method data.http.method"},
    FamilyField{"Host", "data.host data.vhost data.http_host data.request.host"},
    FamilyField{"URL", "data.url data.uri data.request.uri data.request_uri"},
    FamilyField{"Answer", "data.id data.status data.http_status_code"},
    FamilyField{"From", "data.srcip data.client_ip data.remote_addr data.remote_ip"},
    FamilyField{"User", "data.srcuser data.remote_user"},
    FamilyField{"User agent", "data.user_agent data.browser data.http_user_agent"},
    FamilyField{"Referer", "data.referrer data.referer data.http_referer"},
    FamilyField{"Action", "data.action"},
};

constexpr std::array kSca = {
    FamilyField{"Check", "data.sca.check.title"},
    FamilyField{"Result", "data.sca.check.result"},
    FamilyField{"Policy", "data.sca.policy"},
    FamilyField{"Score", "data.sca.score"},
    FamilyField{"Failed", "data.sca.failed"},
    FamilyField{"Reason", "data.sca.check.reason"},
    FamilyField{"Remediation", "data.sca.check.remediation"},
};

constexpr std::array kContainer = {
    FamilyField{"Rule", "data.rule"},
    FamilyField{"Priority", "data.priority"},
    FamilyField{"Action", "data.docker.Action"},
    FamilyField{"Container",
                "data.docker.Actor.Attributes.name data.output_fields.container.name "
                "data.output_fields.container.id"},
    FamilyField{"Image",
                "data.docker.Actor.Attributes.image data.docker.from "
                "data.output_fields.container.image.repository"},
    FamilyField{"Pod", "data.output_fields.k8s.pod.name"},
    FamilyField{"Process", "data.output_fields.proc.cmdline data.output_fields.proc.name"},
    FamilyField{"User", "data.output_fields.user.name"},
};

constexpr std::array kMail = {
    FamilyField{"From", "data.sender data.from data.mail_from data.envelopeFrom"},
    FamilyField{"To", "data.recipient data.to data.rcpt_to data.envelopeTo"},
    FamilyField{"Subject", "data.subject"},
    FamilyField{"From address", "data.srcip data.sender_ip data.senderIP data.client_ip"},
    FamilyField{"Verdict", "data.verdict data.action data.classification"},
};

constexpr std::array kNetwork = {
    FamilyField{"Action", "data.action data.status"},
    FamilyField{"Account", "data.dstuser data.user data.username"},
    FamilyField{"By user", "data.srcuser"},
    FamilyField{"From", "data.srcip data.src_ip data.src"},
    FamilyField{"From port", "data.srcport data.src_port data.s_port"},
    FamilyField{"To", "data.dstip data.dst_ip data.dest_ip data.dst"},
    FamilyField{"To port", "data.dstport data.dst_port data.dest_port"},
    FamilyField{"Protocol", "data.protocol data.proto"},
    FamilyField{"URL", "data.url data.hostname"},
    FamilyField{"Threat", "data.threat data.attack data.virus data.malware_name"},
    FamilyField{"Policy", "data.policyname data.rule_name data.policyid"},
};

constexpr std::array kFamilies = {
    FamilyRow{"Vulnerability", "data.vulnerability", kVulnerability},
    FamilyRow{"File", "syscheck.path", kFile},
    FamilyRow{
        "Logon",
        "data.win.system.eventID=4624,4625,4634,4647,4648,4740,4767,4768,4769,4771,4776,4777,18456",
        kLogon},
    FamilyRow{"Process",
              "data.win.eventdata.image data.win.eventdata.newProcessName "
              "data.win.eventdata.sourceImage data.win.eventdata.scriptBlockText "
              "data.win.eventdata.imagePath data.win.eventdata.taskName",
              kWindowsProcess},
    FamilyRow{"Windows event", "data.win", kWindows},
    FamilyRow{"Audit", "data.audit", kAudit},
    FamilyRow{"Network sensor", "data.alert.signature data.note data.id.orig_h data.msg", kIds},
    FamilyRow{"AWS", "data.aws", kAws},
    FamilyRow{"Microsoft", "data.office365 data.ms-graph data.azure-ad data.callerIpAddress",
              kMicrosoft},
    FamilyRow{"Cloud", "data.gcp data.github data.objectRef", kCloud},
    FamilyRow{"Intelligence", "data.virustotal data.misp data.yara data.YARA data.opencti",
              kIntelligence},
    FamilyRow{"Configuration check", "data.sca", kSca},
    FamilyRow{"Container", "data.docker data.output_fields", kContainer},
    FamilyRow{"Mail", "data.sender data.recipient data.envelopeFrom data.mail_from", kMail},
    FamilyRow{
        "Web",
        "data.request data.user_agent data.http_user_agent data.uri data.request_uri data.url",
        kWeb},
    FamilyRow{"Connection",
              "data.srcip data.src_ip data.src data.dstip data.dst_ip data.dst data.dstuser "
              "data.srcuser",
              kNetwork},
};

}  // namespace

std::span<const FamilyRow> family_rows() { return kFamilies; }

}  // namespace socbridge::mapping
