"""Small services on our chassis, to measure it without the business."""
