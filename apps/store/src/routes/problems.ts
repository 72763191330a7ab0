/** The problems every route can answer with, for its description. */
import { problemResponse } from '@eda/service';

export const PROBLEMS = {
  400: problemResponse('The request is not valid; every wrong field is listed.'),
  409: problemResponse('The Idempotency-Key was forgotten while it was looked up; send the request again.'),
  413: problemResponse('The body is too large.'),
  415: problemResponse('The content type is not accepted.'),
  422: problemResponse('The Idempotency-Key was used for another request.'),
  503: problemResponse(
    'The database cannot be reached or the service is starting; try again after `Retry-After` seconds.',
  ),
};
