import unittest

from asking import APPLIANCE, Asking, client, until

kms, cloudwatch, scaling, sts = client("kms"), client("cloudwatch"), client("autoscaling"), client("sts")
stacks = client("cloudformation")


class Account(Asking):
    def test_caller(self):
        identity = sts.get_caller_identity()
        self.assertEqual(identity["Account"], "111122223333")
        self.assertEqual(identity["Arn"], "arn:aws:iam::111122223333:user/operator")

    def test_stacks(self):
        stacks.get_waiter("stack_exists").wait(StackName="Holdfast")
        stacks.get_waiter("stack_create_complete").wait(StackName="Holdfast")
        pages = stacks.get_paginator("describe_stacks").paginate()
        self.assertEqual([each["StackName"] for page in pages for each in page["Stacks"]], ["Holdfast"])
        self.refused("ValidationError", stacks.describe_stacks, 400, StackName="nothing")

    def test_keys(self):
        key = kms.create_key(Description="mine")["KeyMetadata"]
        kms.create_alias(AliasName="alias/mine", TargetKeyId=key["KeyId"])
        self.assertEqual(kms.describe_key(KeyId="alias/mine")["KeyMetadata"]["Arn"], key["Arn"])
        self.assertTrue(kms.generate_data_key_without_plaintext(KeyId="alias/mine", KeySpec="AES_256")["CiphertextBlob"])
        kms.disable_key(KeyId=key["KeyId"])
        self.assertEqual(kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"], "Disabled")
        self.refused("DisabledException", kms.generate_data_key_without_plaintext, KeyId="alias/mine", KeySpec="AES_256")
        kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=7)
        self.refused("KMSInvalidStateException", kms.enable_key, KeyId=key["KeyId"])
        self.refused("NotFoundException", kms.describe_key, KeyId="alias/nothing")
        aliases = [each for page in kms.get_paginator("list_aliases").paginate() for each in page["Aliases"]]
        self.assertIn("alias/aws/ebs", [each["AliasName"] for each in aliases])

    def test_alarms(self):
        cloudwatch.put_metric_alarm(
            AlarmName="mine",
            Namespace="Test",
            MetricName="Broken",
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanOrEqualToThreshold",
            TreatMissingData="notBreaching",
        )
        cloudwatch.put_metric_data(Namespace="Test", MetricData=[{"MetricName": "Broken", "Value": 1}])
        until(lambda: cloudwatch.describe_alarms(AlarmNames=["mine"], StateValue="ALARM")["MetricAlarms"])
        cloudwatch.get_waiter("alarm_exists").wait(AlarmNames=["mine"])
        self.refused("ResourceNotFound", cloudwatch.set_alarm_state, 404, AlarmName="no", StateValue="OK", StateReason="-")
        cloudwatch.delete_alarms(AlarmNames=["mine"])

    def test_groups(self):
        self.assertEqual(scaling.describe_auto_scaling_instances(InstanceIds=[APPLIANCE])["AutoScalingInstances"], [])
        self.assertEqual(scaling.describe_auto_scaling_groups()["AutoScalingGroups"], [])
        nowhere = {"AutoScalingGroupName": "nothing", "InstanceIds": [APPLIANCE]}
        self.refused("ValidationError", scaling.enter_standby, 400, **nowhere, ShouldDecrementDesiredCapacity=True)


unittest.main()
