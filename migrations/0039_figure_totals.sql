-- Sums by date of what is counted by doctor and date, whatever writes there.
CREATE TRIGGER `daily_figures_added` AFTER INSERT ON `daily_figures` BEGIN
	INSERT INTO `total_figures` (`scope`, `date`, `currency`, `booked`, `completed`, `no_shows`, `cancelled_by_patient`, `cancelled_by_practice`, `expired`, `rejected`, `new_patients`, `returning_patients`, `lead_minutes`, `taken`, `filled`, `offered`, `income_minor`, `reviews`, `stars`)
	SELECT `value`, NEW.`date`, NEW.`currency`, NEW.`booked`, NEW.`completed`, NEW.`no_shows`, NEW.`cancelled_by_patient`, NEW.`cancelled_by_practice`, NEW.`expired`, NEW.`rejected`, NEW.`new_patients`, NEW.`returning_patients`, NEW.`lead_minutes`, NEW.`taken`, NEW.`filled`, NEW.`offered`, NEW.`income_minor`, NEW.`reviews`, NEW.`stars`
	FROM json_each(json_array('*', nullif(NEW.`clinic_id`, ''))) WHERE `value` IS NOT NULL
	ON CONFLICT (`scope`, `date`, `currency`) DO UPDATE SET `booked` = `booked` + excluded.`booked`, `completed` = `completed` + excluded.`completed`, `no_shows` = `no_shows` + excluded.`no_shows`, `cancelled_by_patient` = `cancelled_by_patient` + excluded.`cancelled_by_patient`, `cancelled_by_practice` = `cancelled_by_practice` + excluded.`cancelled_by_practice`, `expired` = `expired` + excluded.`expired`, `rejected` = `rejected` + excluded.`rejected`, `new_patients` = `new_patients` + excluded.`new_patients`, `returning_patients` = `returning_patients` + excluded.`returning_patients`, `lead_minutes` = `lead_minutes` + excluded.`lead_minutes`, `taken` = `taken` + excluded.`taken`, `filled` = `filled` + excluded.`filled`, `offered` = `offered` + excluded.`offered`, `income_minor` = `income_minor` + excluded.`income_minor`, `reviews` = `reviews` + excluded.`reviews`, `stars` = `stars` + excluded.`stars`;
END;
--> statement-breakpoint
CREATE TRIGGER `daily_figures_changed` AFTER UPDATE ON `daily_figures` BEGIN
	INSERT INTO `total_figures` (`scope`, `date`, `currency`, `booked`, `completed`, `no_shows`, `cancelled_by_patient`, `cancelled_by_practice`, `expired`, `rejected`, `new_patients`, `returning_patients`, `lead_minutes`, `taken`, `filled`, `offered`, `income_minor`, `reviews`, `stars`)
	SELECT `value`, NEW.`date`, NEW.`currency`, NEW.`booked` - OLD.`booked`, NEW.`completed` - OLD.`completed`, NEW.`no_shows` - OLD.`no_shows`, NEW.`cancelled_by_patient` - OLD.`cancelled_by_patient`, NEW.`cancelled_by_practice` - OLD.`cancelled_by_practice`, NEW.`expired` - OLD.`expired`, NEW.`rejected` - OLD.`rejected`, NEW.`new_patients` - OLD.`new_patients`, NEW.`returning_patients` - OLD.`returning_patients`, NEW.`lead_minutes` - OLD.`lead_minutes`, NEW.`taken` - OLD.`taken`, NEW.`filled` - OLD.`filled`, NEW.`offered` - OLD.`offered`, NEW.`income_minor` - OLD.`income_minor`, NEW.`reviews` - OLD.`reviews`, NEW.`stars` - OLD.`stars`
	FROM json_each(json_array('*', nullif(NEW.`clinic_id`, ''))) WHERE `value` IS NOT NULL
	ON CONFLICT (`scope`, `date`, `currency`) DO UPDATE SET `booked` = `booked` + excluded.`booked`, `completed` = `completed` + excluded.`completed`, `no_shows` = `no_shows` + excluded.`no_shows`, `cancelled_by_patient` = `cancelled_by_patient` + excluded.`cancelled_by_patient`, `cancelled_by_practice` = `cancelled_by_practice` + excluded.`cancelled_by_practice`, `expired` = `expired` + excluded.`expired`, `rejected` = `rejected` + excluded.`rejected`, `new_patients` = `new_patients` + excluded.`new_patients`, `returning_patients` = `returning_patients` + excluded.`returning_patients`, `lead_minutes` = `lead_minutes` + excluded.`lead_minutes`, `taken` = `taken` + excluded.`taken`, `filled` = `filled` + excluded.`filled`, `offered` = `offered` + excluded.`offered`, `income_minor` = `income_minor` + excluded.`income_minor`, `reviews` = `reviews` + excluded.`reviews`, `stars` = `stars` + excluded.`stars`;
END;
--> statement-breakpoint
CREATE TRIGGER `daily_figures_removed` AFTER DELETE ON `daily_figures` BEGIN
	INSERT INTO `total_figures` (`scope`, `date`, `currency`, `booked`, `completed`, `no_shows`, `cancelled_by_patient`, `cancelled_by_practice`, `expired`, `rejected`, `new_patients`, `returning_patients`, `lead_minutes`, `taken`, `filled`, `offered`, `income_minor`, `reviews`, `stars`)
	SELECT `value`, OLD.`date`, OLD.`currency`, -OLD.`booked`, -OLD.`completed`, -OLD.`no_shows`, -OLD.`cancelled_by_patient`, -OLD.`cancelled_by_practice`, -OLD.`expired`, -OLD.`rejected`, -OLD.`new_patients`, -OLD.`returning_patients`, -OLD.`lead_minutes`, -OLD.`taken`, -OLD.`filled`, -OLD.`offered`, -OLD.`income_minor`, -OLD.`reviews`, -OLD.`stars`
	FROM json_each(json_array('*', nullif(OLD.`clinic_id`, ''))) WHERE `value` IS NOT NULL
	ON CONFLICT (`scope`, `date`, `currency`) DO UPDATE SET `booked` = `booked` + excluded.`booked`, `completed` = `completed` + excluded.`completed`, `no_shows` = `no_shows` + excluded.`no_shows`, `cancelled_by_patient` = `cancelled_by_patient` + excluded.`cancelled_by_patient`, `cancelled_by_practice` = `cancelled_by_practice` + excluded.`cancelled_by_practice`, `expired` = `expired` + excluded.`expired`, `rejected` = `rejected` + excluded.`rejected`, `new_patients` = `new_patients` + excluded.`new_patients`, `returning_patients` = `returning_patients` + excluded.`returning_patients`, `lead_minutes` = `lead_minutes` + excluded.`lead_minutes`, `taken` = `taken` + excluded.`taken`, `filled` = `filled` + excluded.`filled`, `offered` = `offered` + excluded.`offered`, `income_minor` = `income_minor` + excluded.`income_minor`, `reviews` = `reviews` + excluded.`reviews`, `stars` = `stars` + excluded.`stars`;
END;
--> statement-breakpoint
-- Reviews come when a day is long over: what is counted of it is to be counted anew.
CREATE TRIGGER `reviews_counted` AFTER INSERT ON `reviews` BEGIN
	UPDATE `doctor_days` SET `figures_version` = -1 WHERE `doctor_id` = NEW.`doctor_id` AND `date` = NEW.`visited_on`;
END;
--> statement-breakpoint
CREATE TRIGGER `reviews_counted_again` AFTER UPDATE ON `reviews` BEGIN
	UPDATE `doctor_days` SET `figures_version` = -1 WHERE `doctor_id` = NEW.`doctor_id` AND `date` = NEW.`visited_on`;
END;
--> statement-breakpoint
CREATE TRIGGER `reviews_uncounted` AFTER DELETE ON `reviews` BEGIN
	UPDATE `doctor_days` SET `figures_version` = -1 WHERE `doctor_id` = OLD.`doctor_id` AND `date` = OLD.`visited_on`;
END;
--> statement-breakpoint
CREATE TRIGGER `payments_counted` AFTER UPDATE OF `state`, `refunded_minor` ON `payments`
WHEN NEW.`state` <> OLD.`state` OR NEW.`refunded_minor` <> OLD.`refunded_minor` BEGIN
	UPDATE `doctor_days` SET `figures_version` = -1
	WHERE (`doctor_id`, `date`) IN (SELECT `doctor_id`, `date` FROM `appointments` WHERE `id` = NEW.`appointment_id`);
END;
