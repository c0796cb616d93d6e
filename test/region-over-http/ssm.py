import unittest

from asking import APPLIANCE, Asking, client, until

ssm = client("ssm")


def documents():
    resources = client("cloudformation").describe_stack_resources(StackName="Holdfast")["StackResources"]
    return [each["PhysicalResourceId"] for each in resources if each["ResourceType"] == "AWS::SSM::Document"]


class Commands(Asking):
    def test_lists_machines_in_pages(self):
        pages = ssm.get_paginator("describe_instance_information").paginate(PaginationConfig={"PageSize": 5})
        found = [each for page in pages for each in page["InstanceInformationList"]]
        self.assertEqual({each["ComputerName"] for each in found}, {"appliance", "orders-db"})
        only = ssm.describe_instance_information(Filters=[{"Key": "InstanceIds", "Values": [APPLIANCE]}])
        self.assertEqual([each["PingStatus"] for each in only["InstanceInformationList"]], ["Online"])
        self.refused("ValidationException", ssm.describe_instance_information, MaxResults=51)

    def test_reads_documents(self):
        for name in documents():
            self.assertEqual(ssm.describe_document(Name=name)["Document"]["DocumentType"], "Command")
            self.assertIn("schemaVersion", ssm.get_document(Name=name)["Content"])
        self.refused("InvalidDocument", ssm.get_document, Name="nothing")

    def test_runs_a_command_to_its_answer(self):
        (document,) = [name for name in documents() if "erify" in name]
        parameters = {"run": ["r-1"], "deadlineSeconds": ["30"], "path": ["/opt/not-there"]}
        sent = ssm.send_command(DocumentName=document, InstanceIds=[APPLIANCE], Parameters=parameters)["Command"]
        one = {"CommandId": sent["CommandId"], "InstanceId": APPLIANCE}

        def ended():
            try:
                found = ssm.get_command_invocation(**one)
            except ssm.exceptions.InvocationDoesNotExist:
                return None
            return found if found["Status"] not in ("Pending", "InProgress") else None

        answer = until(ended)
        self.assertEqual((answer["Status"], answer["StatusDetails"], answer["ResponseCode"]), ("Failed", "Failed", 127))
        (listed,) = ssm.list_command_invocations(CommandId=sent["CommandId"], Details=True)["CommandInvocations"]
        self.assertEqual(listed["CommandPlugins"][0]["ResponseCode"], 127)
        self.assertEqual(ssm.list_commands(CommandId=sent["CommandId"])["Commands"][0]["Status"], "Failed")

    def test_refuses_what_cannot_be(self):
        (document,) = [name for name in documents() if "erify" in name]
        given = {"run": ["r-1"], "deadlineSeconds": ["30"], "path": ["/x"]}
        send = lambda **request: ssm.send_command(**{"DocumentName": document, "Parameters": given, **request})
        self.refused("InvalidInstanceId", send, InstanceIds=["i-0123456789abcdef0"])
        self.refused("InvalidDocument", send, InstanceIds=[APPLIANCE], DocumentName="nothing")
        self.refused("InvalidParameters", send, InstanceIds=[APPLIANCE], Parameters={"colour": ["red"]})
        self.refused("ValidationException", send, InstanceIds=[APPLIANCE], TimeoutSeconds=31_000_000)
        self.refused("InvalidCommandId", ssm.cancel_command, CommandId="00000000-0000-4000-8000-000000000000")


unittest.main()
