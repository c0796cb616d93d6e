import json
import unittest

from asking import Asking, client, outputs, until

states, functions, scheduler, events = client("stepfunctions"), client("lambda"), client("scheduler"), client("events")


class Executions(Asking):
    def test_a_dry_run_is_started_once_and_followed_to_its_end(self):
        machine = outputs()["HoldfastRecover"]
        described = states.describe_state_machine(stateMachineArn=machine)
        self.assertEqual((described["type"], described["status"]), ("STANDARD", "ACTIVE"))
        self.assertIn("StartAt", json.loads(described["definition"]))
        request = {"stateMachineArn": machine, "name": "dry", "input": json.dumps({"workload": "nobody", "dryRun": True})}
        arn = states.start_execution(**request)["executionArn"]
        ended = until(lambda: self.ended(arn))
        self.assertEqual((ended["status"], ended["name"]), ("FAILED", "dry"))
        self.assertGreaterEqual(ended["stopDate"], ended["startDate"])
        self.refused("ExecutionAlreadyExists", states.start_execution, 400, **request)
        pages = states.get_paginator("get_execution_history").paginate(executionArn=arn, PaginationConfig={"PageSize": 2})
        types = [event["type"] for page in pages for event in page["events"]]
        self.assertEqual((types[0], types[-1]), ("ExecutionStarted", "ExecutionFailed"))
        (last,) = states.get_execution_history(executionArn=arn, reverseOrder=True, maxResults=1)["events"]
        self.assertEqual(last["type"], "ExecutionFailed")
        listed = states.list_executions(stateMachineArn=machine, statusFilter="FAILED")["executions"]
        self.assertIn(arn, [each["executionArn"] for each in listed])

    def test_refuses_what_cannot_be(self):
        machine = outputs()["HoldfastRecover"]
        self.refused("InvalidName", states.start_execution, 400, stateMachineArn=machine, name="a:b")
        self.refused("InvalidExecutionInput", states.start_execution, 400, stateMachineArn=machine, input="{")
        self.refused("StateMachineDoesNotExist", states.start_execution, 400, stateMachineArn=machine + "x")
        gone = machine.replace(":stateMachine:", ":execution:") + ":gone"
        self.refused("ExecutionDoesNotExist", states.describe_execution, 400, executionArn=gone)
        self.refused("ExecutionDoesNotExist", states.stop_execution, 400, executionArn=gone)

    def ended(self, arn):
        found = states.describe_execution(executionArn=arn)
        return found if found["status"] != "RUNNING" else None


class Functions(Asking):
    def test_a_failure_is_an_answer(self):
        name = outputs()["HoldfastBeginRun"]
        configuration = functions.get_function(FunctionName=name)["Configuration"]
        self.assertEqual((configuration["FunctionName"], configuration["State"]), (name, "Active"))
        reply = functions.invoke(FunctionName=name, Payload=json.dumps({"workload": 7}))
        self.assertEqual((reply["StatusCode"], reply["FunctionError"]), (200, "Unhandled"))
        self.assertIn("errorType", json.loads(reply["Payload"].read()))
        self.assertEqual(functions.invoke(FunctionName=name, InvocationType="DryRun")["StatusCode"], 204)

    def test_refuses_what_cannot_be(self):
        name = outputs()["HoldfastBeginRun"]
        self.refused("InvalidRequestContentException", functions.invoke, 400, FunctionName=name, Payload="{")
        self.refused("ResourceNotFoundException", functions.invoke, 404, FunctionName="nothing")


class Schedules(Asking):
    def test_lists_and_reads_schedules(self):
        found = [each for page in scheduler.get_paginator("list_schedules").paginate() for each in page["Schedules"]]
        schedules = [scheduler.get_schedule(Name=each["Name"], GroupName=each["GroupName"]) for each in found]
        times = [(each["ScheduleExpression"], each["ScheduleExpressionTimezone"]) for each in schedules]
        self.assertIn(("cron(0 3 * * ? *)", "Europe/London"), times)
        self.refused("ResourceNotFoundException", scheduler.get_schedule, 404, Name="nothing")


class Events(Asking):
    def test_takes_events_but_none_in_the_name_of_aws(self):
        entry = {"Source": "test", "DetailType": "d", "Detail": "{}"}
        reply = events.put_events(Entries=[entry, {**entry, "Source": "aws.ec2"}])
        self.assertEqual(reply["FailedEntryCount"], 1)
        self.assertEqual(reply["Entries"][1]["ErrorCode"], "NotAuthorizedForSourceException")


unittest.main()
