import {
  Body, Controller, Delete, Deprecated, Example, Get, Header, OperationId, Patch, Path, Post, Produces, Put, Queries, Query, Res,
  Response, Route, Security, SuccessResponse, Tags, TsoaResponse, UploadedFile, FormField,
} from "@tsoa/runtime";
import {Readable} from "stream";
import {CallOutcome, Campaign, CampaignChange, Contact, Failure, Id, NewCampaign, Page, Priority, State, Step, Weekday} from "./models";

interface Filter {
  state?: State[];
  /** @isInt @minimum 1 @maximum 200 */
  limit?: number;
  after?: string;
  day?: Weekday;
  priority?: Priority;
}

@Route("campaigns")
@Tags("Campaigns")
@Security("api_key")
@Response<Failure>(401, "No key")
export class CampaignsController extends Controller {
  /** Some of the campaigns. */
  @Get()
  public async list(@Queries() filter: Filter): Promise<Page<Campaign>> { throw filter; }

  /** Makes a campaign, as a draft. */
  @Post()
  @SuccessResponse(201, "It is there")
  @Response<Failure>(422, "Something is wrong", {message: "Validation failed", details: {name: {message: "is too short"}}})
  public async create(@Body() body: NewCampaign, @Header("Idempotency-Key") key?: string): Promise<Campaign> { throw [body, key]; }

  @Get("{id}")
  @Response<Failure>(404, "No such campaign")
  public async get(@Path() id: Id): Promise<Campaign> { throw id; }

  @Patch("{id}")
  public async change(@Path() id: Id, @Body() body: CampaignChange): Promise<Campaign> { throw [id, body]; }

  @Delete("{id}")
  @SuccessResponse(204, "It is gone")
  @Security({api_key: [], session: []})
  public async remove(@Path() id: Id): Promise<void> { throw id; }

  /** @param index Which step, from 0. @isInt index */
  @Put("{id}/steps/{index}")
  public async replaceStep(@Path() id: Id, @Path() index: number, @Body() step: Step): Promise<Step[]> { throw [id, index, step]; }

  @Get("{id}/contacts.csv")
  @Produces("text/csv")
  public async contacts(@Path() id: Id): Promise<string> { throw id; }

  @Get("{id}/sound")
  @Produces("audio/mpeg")
  public async sound(@Path() id: Id): Promise<Readable> { throw id; }

  @Post("{id}/contacts/upload")
  public async upload(@Path() id: Id, @UploadedFile() file: any, @FormField() note?: string): Promise<{added: number}> {
    throw [id, file, note];
  }

  @Post("{id}/start")
  @Deprecated()
  @OperationId("startCampaign")
  public async start(@Path() id: Id, @Query() dryRun = false,
    @Res() conflict: TsoaResponse<409, Failure & {runningSince: Date}>): Promise<Pick<Campaign, "id" | "state">> {
    throw [id, dryRun, conflict];
  }

  @Get("{id}/outcomes")
  @Example<CallOutcome[]>([{status: "answered", value: {seconds: 12.5}}, {status: "missed", value: null}])
  public async outcomes(@Path() id: Id, @Query() since?: Date): Promise<CallOutcome[]> { throw [id, since]; }
}

@Route("contacts")
@Tags("Contacts")
export class ContactsController extends Controller {
  @Get("{id}")
  public async get(@Path() id: Id, @Query("fields") fields?: Array<keyof Contact>): Promise<Partial<Contact>> { throw [id, fields]; }

  @Put("{id}")
  public async put(@Path() id: Id, @Body() contact: Readonly<Contact>): Promise<Required<Contact>> { throw [id, contact]; }

  @Post("lookup")
  public async lookup(@Body() phones: string[]): Promise<Record<string, Contact | null>> { throw phones; }
}
