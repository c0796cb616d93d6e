import json
import os
import unittest

import boto3

from asking import Asking, client, outputs

sqs, sns, dynamodb = client("sqs"), client("sns"), client("dynamodb")


class Queues(Asking):
    def test_urls_are_under_the_address_that_was_asked(self):
        made = sqs.create_queue(QueueName="mine")["QueueUrl"]
        self.assertEqual(made, os.environ["AWS_ENDPOINT_URL"] + "/111122223333/mine")
        self.assertEqual(sqs.get_queue_url(QueueName="mine")["QueueUrl"], made)
        self.assertIn(made, sqs.list_queues(QueueNamePrefix="mi")["QueueUrls"])
        self.assertTrue(any("DeadLetters" in url for url in sqs.list_queues()["QueueUrls"]))

    def test_holds_messages_until_deleted(self):
        url = sqs.create_queue(QueueName="letters")["QueueUrl"]
        attribute = {"kind": {"DataType": "String", "StringValue": "test"}}
        sqs.send_message(QueueUrl=url, MessageBody="ä", MessageAttributes=attribute)
        (message,) = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"]
        self.assertEqual(message["Body"], "ä")
        self.assertEqual(message["MessageAttributes"]["kind"]["StringValue"], "test")
        self.assertNotIn("Messages", sqs.receive_message(QueueUrl=url))
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        self.assertEqual(attributes["ApproximateNumberOfMessagesNotVisible"], "0")
        self.assertEqual(attributes["QueueArn"], "arn:aws:sqs:eu-west-1:111122223333:letters")
        sqs.delete_queue(QueueUrl=url)
        self.refused("AWS.SimpleQueueService.NonExistentQueue", sqs.get_queue_url, 400, QueueName="letters")

    def test_belongs_to_one_region(self):
        elsewhere = boto3.client("sqs", region_name="us-west-2")
        message = self.refused("InvalidSignatureException", elsewhere.list_queues)
        self.assertIn("us-west-2", message)
        self.refused("AuthFailure", boto3.client("ec2", region_name="us-west-2").describe_instances, 401)
        self.refused("SignatureDoesNotMatch", boto3.client("sns", region_name="us-west-2").list_topics, 403)


class Topics(Asking):
    def test_publishes_to_subscribers(self):
        topic = sns.create_topic(Name="mine")["TopicArn"]
        arn = sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="a@example.com", ReturnSubscriptionArn=True)
        policy = json.dumps({"severity": ["page"]})
        sns.set_subscription_attributes(
            SubscriptionArn=arn["SubscriptionArn"], AttributeName="FilterPolicy", AttributeValue=policy
        )
        (found,) = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
        self.assertEqual(found["Endpoint"], "a@example.com")
        published = sns.publish(TopicArn=topic, Subject="Hello", Message="World")
        self.assertRegex(published["MessageId"], "^[0-9a-f-]{36}$")
        self.refused("InvalidParameter", sns.publish, 400, TopicArn=topic, Message="")
        sns.delete_topic(TopicArn=topic)
        self.refused("NotFound", sns.publish, 404, TopicArn=topic, Message="World")


class Items(Asking):
    def test_reads_and_writes_on_conditions(self):
        table = outputs()["HoldfastLedger"]
        described = dynamodb.describe_table(TableName=table)["Table"]
        self.assertEqual((described["TableStatus"], described["BillingModeSummary"]["BillingMode"]), ("ACTIVE", "PAY_PER_REQUEST"))
        item = {"pk": {"S": "test"}, "sk": {"S": "a"}, "n": {"N": "1.5"}, "m": {"M": {"b": {"BOOL": True}}}}
        put = {"TableName": table, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"}
        dynamodb.put_item(**put)
        self.refused("ConditionalCheckFailedException", dynamodb.put_item, 400, **put)
        key = {"pk": item["pk"], "sk": item["sk"]}
        self.assertEqual(dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True)["Item"], item)
        updated = dynamodb.update_item(
            TableName=table,
            Key=key,
            UpdateExpression="SET n = n + :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
            ReturnValues="UPDATED_NEW",
        )
        self.assertEqual(updated["Attributes"], {"n": {"N": "2.5"}})
        with self.assertRaises(dynamodb.exceptions.ConditionalCheckFailedException) as caught:
            dynamodb.put_item(**put, ReturnValuesOnConditionCheckFailure="ALL_OLD")
        self.assertEqual(caught.exception.response["Item"]["n"], {"N": "2.5"})

    def test_queries_page_by_page(self):
        table = outputs()["HoldfastLedger"]
        for number in range(5):
            dynamodb.put_item(TableName=table, Item={"pk": {"S": "pages"}, "sk": {"S": str(number)}})
        pages = dynamodb.get_paginator("query").paginate(
            TableName=table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": "pages"}},
            PaginationConfig={"PageSize": 2},
        )
        self.assertEqual([each["sk"]["S"] for page in pages for each in page["Items"]], list("01234"))
        self.refused("ResourceNotFoundException", dynamodb.scan, 400, TableName="nothing")


unittest.main()
